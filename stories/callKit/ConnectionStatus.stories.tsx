import type { Meta, StoryObj } from '@storybook/react-vite';
import { useEffect, useState } from 'react';
import { expect } from 'storybook/test';
import { ConnectionStatus } from '../../src/components/ConnectionStatus.js';
import {
  MemoryDriver,
  MemoryHub,
  SignalingError,
  SignalingProvider,
  usePublish,
  useSignal,
} from '../../src/index.js';
import '../helpers/stories.css';
import { storyTopic } from '../helpers/topics.js';
import { Header } from './ConnectionStatus.example.js';

const topic = storyTopic('status');

/** A hub that was broken, so that every state can be looked at. */
const broken = (breakIt: (hub: MemoryHub) => void): Story => ({
  render: function Broken() {
    const [hub] = useState(() => new MemoryHub());
    const [driver] = useState(() => new MemoryDriver(hub));
    useEffect(() => breakIt(hub), [hub]);
    return (
      <SignalingProvider driver={driver} onError={() => {}}>
        <Listener />
        <ConnectionStatus />
      </SignalingProvider>
    );
  },
});

const meta = {
  title: 'Call kit/ConnectionStatus',
  tags: ['both-themes'],
  component: ConnectionStatus,
} satisfies Meta<typeof ConnectionStatus>;

export default meta;
type Story = StoryObj<typeof meta>;

/** On the live hub, while somebody listens. */
export const Live: Story = {
  render: () => (
    <SignalingProvider>
      <Header />
    </SignalingProvider>
  ),
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('Connected', {}, { timeout: 10_000 })).toBeVisible();
  },
};

/** Listens, and has something to say. */
function Listener() {
  useSignal(topic);
  const publish = usePublish<string>(topic);
  useEffect(() => {
    for (const word of ['one', 'two']) void publish(word).catch(() => {});
  }, [publish]);
  return null;
}

/** The stream was lost. */
export const Reconnecting: Story = {
  ...broken((hub) => {
    const error = new SignalingError('unreachable', 'The hub answered 503.', { status: 503 });
    hub.disconnect({ error, attempt: 3, retryAt: Date.now() + 20_000 });
  }),
  play: async ({ canvas }) => {
    await expect(canvas.getByRole('status')).toHaveTextContent(
      'Reconnecting…The server cannot be reached. Check your connection.',
    );
    await expect(canvas.getByRole('timer')).toHaveTextContent(/^Next attempt in \d+ s$/);
    await expect(canvas.getByText('2 messages wait to be sent')).toBeVisible();
    await expect(canvas.getByRole('button', { name: 'Reconnect now' })).toBeEnabled();
  },
};

/** Given up, and why. */
export const Closed: Story = {
  ...broken((hub) => hub.refuse('*')),
  play: async ({ canvas }) => {
    await expect(canvas.getByRole('status')).toHaveTextContent('DisconnectedYou have no access.');
  },
};
