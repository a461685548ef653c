import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent, waitFor } from 'storybook/test';
import { withProvider } from '../helpers/withProvider.js';
import { EverySignal } from './useSignal.every.example.js';
import { Doorbell } from './useSignal.latest.example.js';
import { Muted } from './useSignal.notNow.example.js';
import { Shop } from './useSignal.since.example.js';

const meta: Meta = { title: 'Hooks/useSignal', decorators: [withProvider] };

export default meta;

export const Latest: StoryObj = {
  render: () => <Doorbell />,
  play: async ({ canvas }) => {
    await canvas.findByText('open', {}, { timeout: 10_000 });
    await userEvent.click(canvas.getByRole('button', { name: 'Ring' }));
    await expect(await canvas.findByText(/^Last rung at \d/)).toBeVisible();
  },
};

export const Every: StoryObj = {
  render: () => <EverySignal />,
  play: async ({ canvas }) => {
    const list = canvas.getByRole('list', { name: 'Signals' });
    const button = canvas.getByRole('button', { name: 'Publish 1 to 5' });
    // What is published before the subscription is accepted is not heard.
    await waitFor(
      async () => {
        if (list.children.length === 0) await userEvent.click(button);
        await expect(list).not.toBeEmptyDOMElement();
      },
      { timeout: 10_000 },
    );
    await waitFor(() => expect(list.lastChild).toHaveTextContent('5 (own)'));
  },
};

export const NotNow: StoryObj = {
  render: () => <Muted />,
  play: async ({ canvas }) => {
    await userEvent.click(canvas.getByRole('checkbox', { name: 'Listen (idle)' }));
    await canvas.findByRole('checkbox', { name: 'Listen (open)' }, { timeout: 10_000 });
  },
};

export const Since: StoryObj = {
  render: () => <Shop />,
  play: async ({ canvas }) => {
    const press = (name: string) => userEvent.click(canvas.getByRole('button', { name }));
    await canvas.findByText(/\(open\)$/, {}, { timeout: 10_000 });
    await press('Open the shop');
    await canvas.findByText(/^Open since \d/);
    await press('Leave');
    await press('Come back');
    await expect(await canvas.findByText(/^Open since \d/, {}, { timeout: 10_000 })).toBeVisible();
  },
};
