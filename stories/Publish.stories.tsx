import type { Meta, StoryObj } from '@storybook/react-vite';
import { useState } from 'react';
import { expect, userEvent } from 'storybook/test';
import { SignalingError, SignalingProvider, usePublish } from '../src/index.js';
import './stories.css';
import { storyTopic } from './topics.js';

interface PublishProps {
  /** Where it is published. Empty is `null`: not now. */
  topic: string;
  /** What is published: any JSON. */
  value: unknown;
}

function Publish({ topic, value }: PublishProps) {
  const publish = usePublish(topic || null);
  const [outcome, setOutcome] = useState('nothing published yet');
  const onClick = async () => {
    try {
      await publish(value);
      setOutcome('The hub has taken it.');
    } catch (error) {
      if (!(error instanceof SignalingError)) throw error;
      setOutcome(`${error.code}: ${error.message}`);
    }
  };
  return (
    <div className="story">
      <pre>{JSON.stringify(value, undefined, 2)}</pre>
      <div className="row">
        <button onClick={() => void onClick()}>Publish</button>
        <p role="status">{outcome}</p>
      </div>
    </div>
  );
}

const meta = {
  title: 'Hooks/usePublish',
  component: Publish,
  tags: ['autodocs'],
  parameters: {
    docs: {
      description: {
        component:
          '`const publish = usePublish(topic)` is a stable function. `await publish(value)` resolves ' +
          'when the hub has taken the update and rejects with a `SignalingError` that says what to ' +
          'do. What was asked goes out even if the component unmounts meanwhile.',
      },
    },
  },
  args: { topic: storyTopic('publish'), value: { type: 'offer', sdp: 'v=0…' } },
  decorators: [
    (Story) => (
      <SignalingProvider>
        <Story />
      </SignalingProvider>
    ),
  ],
} satisfies Meta<typeof Publish>;

export default meta;
type Story = StoryObj<typeof meta>;

/** The promise resolves when the hub has taken it. */
export const Taken: Story = {
  play: async ({ canvas }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Publish' }));
    await expect(await canvas.findByText('The hub has taken it.')).toBeVisible();
  },
};

/** A value without a JSON form is refused at once, and the error says what to do. */
export const Refused: Story = {
  args: { value: undefined },
  play: async ({ canvas }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Publish' }));
    await expect(await canvas.findByText(/^usage: .*Publish null/)).toBeVisible();
  },
};
