import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect } from 'storybook/test';
import { ConnectionStatus } from '../src/components/ConnectionStatus.js';
import {
  type Connection,
  MemoryDriver,
  SignalingError,
  SignalingProvider,
  useSignal,
} from '../src/index.js';
import './stories.css';
import { storyTopic } from './topics.js';

const topic = storyTopic('status');

/** A driver that stands as it is told, so that every state can be looked at. */
class StandingDriver extends MemoryDriver {
  readonly #connection: Connection;

  constructor(connection: Partial<Connection>) {
    super();
    this.#connection = { ...super.connection, ...connection };
  }

  override get connection(): Connection {
    return this.#connection;
  }
}

const standing = (connection: () => Partial<Connection>): Story => ({
  render: () => (
    <SignalingProvider driver={new StandingDriver(connection())}>
      <ConnectionStatus />
    </SignalingProvider>
  ),
});

const meta = {
  title: 'Components/ConnectionStatus',
  component: ConnectionStatus,
  tags: ['autodocs'],
  parameters: {
    docs: {
      description: {
        component:
          'How the hub stands, for people: a word, the sentence of the error, when the next attempt ' +
          'is due, how much waits to be sent, and a button that tries at once. The first story is ' +
          'live; the others show states that a driver was told to be in.',
      },
    },
  },
} satisfies Meta<typeof ConnectionStatus>;

export default meta;
type Story = StoryObj<typeof meta>;

/** On the live hub, while somebody listens. */
export const Live: Story = {
  render: () => (
    <SignalingProvider>
      <Listener />
      <ConnectionStatus />
    </SignalingProvider>
  ),
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('Connected', {}, { timeout: 10_000 })).toBeVisible();
  },
};

function Listener() {
  useSignal(topic);
  return null;
}

/** The stream was lost. */
export const Reconnecting: Story = {
  ...standing(() => ({
    status: 'reconnecting',
    error: new SignalingError('unreachable', 'The hub answered 503. It is tried again by itself.', {
      status: 503,
    }),
    attempt: 3,
    retryAt: Date.now() + 20_000,
    queued: 2,
  })),
  play: async ({ canvas }) => {
    await expect(canvas.getByRole('status')).toHaveTextContent(
      'Reconnecting…The hub answered 503.',
    );
    await expect(canvas.getByRole('timer')).toHaveTextContent(
      /^Attempt 3 failed. Next attempt in \d+ s$/,
    );
    await expect(canvas.getByText('2 signals wait to be sent')).toBeVisible();
    await expect(canvas.getByRole('button', { name: 'Reconnect now' })).toBeEnabled();
  },
};

/** Given up, and why. */
export const Closed: Story = {
  ...standing(() => ({
    status: 'closed',
    error: new SignalingError(
      'unauthorized',
      'The hub refuses this token (401). Give `subscriber` a fresh one.',
      {
        status: 401,
      },
    ),
  })),
  play: async ({ canvas }) => {
    await expect(canvas.getByRole('status')).toHaveTextContent('Disconnected');
  },
};
