import type { Meta, StoryObj } from '@storybook/react-vite';
import { SignalingProvider } from 'react-signaling';
import { expect, userEvent } from 'storybook/test';
import { withProvider } from '../helpers/withProvider.js';
import { Connection } from './useConnection.example.js';

const meta: Meta = { title: 'Hooks/useConnection', decorators: [withProvider] };

export default meta;

/** Idle until somebody listens, then open; idle again a moment after the last one has left. */
export const Open: StoryObj = {
  render: () => <Connection />,
  play: async ({ canvas }) => {
    await expect(canvas.getByText('idle')).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: 'Listen' }));
    await expect(await canvas.findByText('open', {}, { timeout: 10_000 })).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: 'Stop listening' }));
    await expect(await canvas.findByText('idle', {}, { timeout: 10_000 })).toBeVisible();
  },
};

/** What answers there is a page: final, and said in one sentence. */
export const NotAHub: StoryObj = {
  render: () => (
    <SignalingProvider url="iframe.html" onError={() => {}}>
      <Connection />
    </SignalingProvider>
  ),
  play: async ({ canvas }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Listen' }));
    await expect(await canvas.findByText('closed', {}, { timeout: 10_000 })).toBeVisible();
    await expect(canvas.getByText(/^not-a-hub: /)).toBeVisible();
  },
};
