import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect } from 'storybook/test';
import { withProvider } from '../helpers/withProvider.js';
import { Inbox } from './tokensThatExpire.example.js';

const meta: Meta = { title: 'Recipes/Tokens that expire', decorators: [withProvider] };

export default meta;

/** What a server would answer: the cookie is good for another ten minutes. */
const renew = async () => Date.now() + 600_000;

export const FreshCookie: StoryObj = {
  render: () => <Inbox renew={renew} />,
  play: async ({ canvas }) => {
    await expect(
      await canvas.findByText(/^open; the cookie is good until \d/, {}, { timeout: 10_000 }),
    ).toBeVisible();
  },
};
