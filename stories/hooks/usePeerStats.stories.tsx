import type { Meta, StoryObj } from '@storybook/react-vite';
import { within } from 'storybook/test';
import { TwoPeople } from '../helpers/TwoPeople.js';
import { Connections } from './usePeerStats.example.js';

const meta: Meta = { title: 'Hooks/usePeerStats' };

export default meta;

export const RoundTrip: StoryObj = {
  render: () => <TwoPeople>{(name) => <Connections name={name} />}</TwoPeople>,
  play: async ({ canvas }) => {
    const ana = within(canvas.getByRole('region', { name: 'Ana' }));
    await ana.findByText(/\d+ ms there and back/, {}, { timeout: 20_000 });
  },
};
