import type { Meta, StoryObj } from '@storybook/react-vite';
import { userEvent, within } from 'storybook/test';
import { TwoPeople } from '../helpers/TwoPeople.js';
import { Reactions } from './useCallMessages.example.js';

const meta: Meta = { title: 'Hooks/useCallMessages' };

export default meta;

export const Applause: StoryObj = {
  render: () => <TwoPeople>{(name) => <Reactions name={name} />}</TwoPeople>,
  play: async ({ canvas }) => {
    const ana = within(canvas.getByRole('region', { name: 'Ana' }));
    const bo = within(canvas.getByRole('region', { name: 'Bo' }));
    await bo.findByText('Connected', {}, { timeout: 20_000 });
    await userEvent.click(bo.getByRole('button', { name: 'Applaud' }));
    await ana.findByText('Bo: 👏');
  },
};
