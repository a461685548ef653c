import type { Meta, StoryObj } from '@storybook/react-vite';
import { userEvent, waitFor } from 'storybook/test';
import { withProvider } from '../helpers/withProvider.js';
import { Secret } from './sealed.example.js';
import { OtherSecret } from './sealed.otherSecret.example.js';

const meta: Meta = { title: 'Hooks/sealed', decorators: [withProvider] };

export default meta;

export const Sealed: StoryObj = {
  render: () => <Secret />,
  play: async ({ canvas }) => {
    // What is published before the subscription is accepted is not heard.
    await waitFor(
      async () => {
        await userEvent.click(canvas.getByRole('button', { name: 'Publish' }));
        await canvas.findByText('The treasure is under the oak.', {}, { timeout: 500 });
      },
      { timeout: 10_000 },
    );
    // The text has 32 bytes as JSON; a seal adds 61.
    await canvas.findByText(/^The hub sees 93 bytes/);
  },
};

export const AnotherSecret: StoryObj = {
  render: () => <OtherSecret />,
  play: async ({ canvas }) => {
    await waitFor(
      async () => {
        await userEvent.click(canvas.getByRole('button'));
        await canvas.findByText(/^secret: /, {}, { timeout: 500 });
      },
      { timeout: 10_000 },
    );
  },
};
