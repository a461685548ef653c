import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import { TwoPeople } from '../helpers/TwoPeople.js';
import { Office } from './usePresence.example.js';
import { Meeting } from './usePresence.watch.example.js';

const meta: Meta = { title: 'Hooks/usePresence' };

export default meta;

export const OthersAndUpdate: StoryObj = {
  render: () => <TwoPeople>{(name) => <Office name={name} />}</TwoPeople>,
  play: async ({ canvas }) => {
    const [ana, bo] = ['Ana', 'Bo'].map((name) => within(canvas.getByRole('region', { name })));
    await ana!.findByText('Bo', {}, { timeout: 10_000 });
    await bo!.findByText('Ana', { selector: 'li' }, { timeout: 10_000 });
    await userEvent.click(ana!.getByRole('checkbox', { name: 'Away' }));
    await bo!.findByText('Ana is away');
    await userEvent.click(ana!.getByRole('checkbox', { name: 'Away' }));
    await waitFor(() => expect(bo!.queryByText('Ana is away')).toBeNull());
  },
};

export const WatchAndEnter: StoryObj = {
  render: () => <TwoPeople>{(name) => <Meeting name={name} />}</TwoPeople>,
  play: async ({ canvas }) => {
    const [ana, bo] = ['Ana', 'Bo'].map((name) => within(canvas.getByRole('region', { name })));
    await bo!.findByText(/^0 in/, {}, { timeout: 10_000 });
    await userEvent.click(ana!.getByRole('button', { name: 'Enter' }));
    await bo!.findByText(/^1 in/, {}, { timeout: 10_000 });
    await userEvent.click(ana!.getByRole('button', { name: 'Leave' }));
    await bo!.findByText(/^0 in/);
  },
};
