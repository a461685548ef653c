import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import { TwoPeople } from '../helpers/TwoPeople.js';
import { People } from './useCall.example.js';

const meta: Meta = { title: 'Hooks/useCall' };

export default meta;

export const WhoIsInTheRoom: StoryObj = {
  render: () => <TwoPeople>{(name) => <People name={name} />}</TwoPeople>,
  play: async ({ canvas }) => {
    const ana = within(canvas.getByRole('region', { name: 'Ana' }));
    const bo = within(canvas.getByRole('region', { name: 'Bo' }));
    await ana.findByText('Bo (connected)', {}, { timeout: 20_000 });
    await userEvent.click(bo.getByRole('button', { name: 'Leave' }));
    await waitFor(() => expect(ana.queryByText(/^Bo/)).toBeNull(), { timeout: 10_000 });
  },
};
