import type { Meta, StoryObj } from '@storybook/react-vite';
import { useState } from 'react';
import { expect, userEvent, waitFor } from 'storybook/test';
import { SignalingProvider, type SignalEvent, usePublish, useSignal } from '../src/index.js';
import './stories.css';
import { storyTopic } from './topics.js';

interface EverySignalProps {
  /** What is listened to. */
  topic: string;
  /** How many signals the button publishes at once. */
  burst: number;
}

interface Line extends SignalEvent {
  number: number;
}

function EverySignal({ topic, burst }: EverySignalProps) {
  const [lines, setLines] = useState<Line[]>([]);
  useSignal<number>(topic, (number, event) =>
    setLines((lines) => [...lines, { ...event, number }]),
  );
  const publish = usePublish<number>(topic);
  const publishAll = async () => {
    const numbers = Array.from({ length: burst }, (_, index) => lines.length + index + 1);
    await Promise.all(numbers.map((number) => publish(number)));
  };
  return (
    <div className="story">
      <div className="row">
        <button onClick={() => void publishAll()}>Publish {burst} signals</button>
        <button onClick={() => setLines([])}>Clear</button>
      </div>
      <ol aria-label="Signals">
        {lines.map(({ id, number, own }) => (
          <li key={id}>
            {number} {own ? '(own)' : '(from another tab)'}
          </li>
        ))}
      </ol>
    </div>
  );
}

const meta = {
  title: 'Hooks/useSignal: every signal',
  component: EverySignal,
  tags: ['autodocs'],
  parameters: {
    docs: {
      description: {
        component:
          '`useSignal(topic, handler)` calls the handler with every signal, in order, none dropped, ' +
          'and renders nothing by itself. The handler may be written inline: the newest one is ' +
          'called, and nothing resubscribes.',
      },
    },
  },
  args: { topic: storyTopic('every'), burst: 5 },
  decorators: [
    (Story) => (
      <SignalingProvider>
        <Story />
      </SignalingProvider>
    ),
  ],
} satisfies Meta<typeof EverySignal>;

export default meta;
type Story = StoryObj<typeof meta>;

/** A burst arrives whole and in order. */
export const Burst: Story = {
  play: async ({ args, canvas }) => {
    const list = canvas.getByRole('list', { name: 'Signals' });
    await userEvent.click(canvas.getByRole('button', { name: `Publish ${args.burst} signals` }));
    await waitFor(() => expect(list.children).toHaveLength(args.burst), { timeout: 10_000 });
    await expect(Array.from(list.children, (line) => line.textContent)).toEqual(
      Array.from({ length: args.burst }, (_, index) => `${index + 1} (own)`),
    );
  },
};
