import type { Meta, StoryObj } from '@storybook/react-vite';
import { useState } from 'react';
import { expect, userEvent } from 'storybook/test';
import { SignalingProvider, usePublish, useSignal } from '../src/index.js';
import './stories.css';
import { storyTopic } from './topics.js';

interface LatestSignalProps {
  /** What is listened to. Empty is `null`: not now. */
  topic: string;
}

function LatestSignal({ topic }: LatestSignalProps) {
  const { data, status, error } = useSignal<string>(topic || null);
  const publish = usePublish<string>(topic || null);
  const [text, setText] = useState('');
  return (
    <div className="story">
      <dl>
        <dt>Latest signal</dt>
        <dd aria-live="polite">{data ?? 'none yet'}</dd>
        <dt>Status</dt>
        <dd>{error?.message ?? status}</dd>
      </dl>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void publish(text);
        }}
      >
        <label>
          Signal
          <input value={text} onChange={(event) => setText(event.target.value)} />
        </label>
        <button>Publish</button>
      </form>
    </div>
  );
}

const meta = {
  title: 'Hooks/useSignal: the latest signal',
  component: LatestSignal,
  tags: ['autodocs'],
  parameters: {
    docs: {
      description: {
        component:
          '`const { data, status, error } = useSignal(topic)` is the latest signal on a topic, for ' +
          'showing. A burst renders twice, not once per signal. Open this story in a second tab ' +
          'and publish there: both show it, through the hub in the server of this Storybook.',
      },
    },
  },
  args: { topic: storyTopic('latest') },
  decorators: [
    (Story) => (
      <SignalingProvider>
        <Story />
      </SignalingProvider>
    ),
  ],
} satisfies Meta<typeof LatestSignal>;

export default meta;
type Story = StoryObj<typeof meta>;

/** Publish something, and see it come back from the hub. */
export const Latest: Story = {
  play: async ({ canvas }) => {
    await canvas.findByText('open', {}, { timeout: 10_000 });
    const input = canvas.getByRole('textbox', { name: 'Signal' });
    for (const text of ['hello', 'and hello again']) {
      await userEvent.clear(input);
      await userEvent.type(input, text);
      await userEvent.click(canvas.getByRole('button', { name: 'Publish' }));
      await expect(await canvas.findByText(text)).toBeVisible();
    }
  },
};

/** `useSignal(null)` opens nothing. */
export const NotNow: Story = {
  args: { topic: '' },
  play: async ({ canvas }) => {
    await expect(canvas.getByText('idle')).toBeVisible();
  },
};
