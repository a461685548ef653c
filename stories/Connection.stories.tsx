import type { Meta, StoryObj } from '@storybook/react-vite';
import { useState } from 'react';
import { expect, userEvent } from 'storybook/test';
import { SignalingProvider, useConnection, useSignal } from '../src/index.js';
import './stories.css';
import { storyTopic } from './topics.js';

const topic = storyTopic('connection');

interface ConnectionProps {
  /** The hub. */
  url: string;
}

function Connection({ url }: ConnectionProps) {
  return (
    <SignalingProvider url={url} onError={() => {}}>
      <Told />
    </SignalingProvider>
  );
}

function Told() {
  const { reconnect, ...connection } = useConnection();
  const [listening, setListening] = useState(false);
  useSignal(listening ? topic : null);
  return (
    <div className="story">
      <dl>
        <dt>status</dt>
        <dd>{connection.status}</dd>
        <dt>error</dt>
        <dd>{connection.error ? `${connection.error.code}: ${connection.error.message}` : '—'}</dd>
        <dt>attempt</dt>
        <dd>{connection.attempt}</dd>
        <dt>retryAt</dt>
        <dd>{connection.retryAt ? new Date(connection.retryAt).toLocaleTimeString() : '—'}</dd>
        <dt>queued</dt>
        <dd>{connection.queued}</dd>
      </dl>
      <div className="row">
        <button onClick={() => setListening(!listening)}>
          {listening ? 'Stop listening' : 'Listen'}
        </button>
        <button onClick={reconnect}>Reconnect</button>
      </div>
    </div>
  );
}

const meta = {
  title: 'Hooks/useConnection',
  component: Connection,
  tags: ['autodocs'],
  parameters: {
    docs: {
      description: {
        component:
          '`const { status, error, attempt, retryAt, queued, reconnect } = useConnection()` tells how ' +
          'the driver and its hub stand. Nothing is opened until somebody listens.',
      },
    },
  },
  args: { url: '/.well-known/mercure' },
} satisfies Meta<typeof Connection>;

export default meta;
type Story = StoryObj<typeof meta>;

/** Idle until somebody listens, then open; idle again a moment after the last one has left. */
export const Open: Story = {
  play: async ({ canvas }) => {
    await expect(canvas.getByText('idle')).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: 'Listen' }));
    await expect(await canvas.findByText('open', {}, { timeout: 10_000 })).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: 'Stop listening' }));
    await expect(await canvas.findByText('idle', {}, { timeout: 10_000 })).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: 'Listen' }));
  },
};

/** What answers there is a page: final, and said in one sentence. */
export const NotAHub: Story = {
  args: { url: '/iframe.html' },
  play: async ({ canvas }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Listen' }));
    await expect(await canvas.findByText('closed', {}, { timeout: 10_000 })).toBeVisible();
    await expect(canvas.getByText(/^not-a-hub: /)).toBeVisible();
  },
};
