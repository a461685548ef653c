import { useEffect, useState } from 'react';
import type { Meta, StoryObj } from '@storybook/react-vite';
import { SignalingProvider } from 'react-signaling';
import { userEvent, within } from 'storybook/test';
import '../helpers/stories.css';
import { storyTopic } from '../helpers/topics.js';
import { Subscribers } from './subscribers.example.js';
import { tokenFor } from './subscribers.server.example.js';

const meta: Meta = { title: 'Recipes/Subscribers of a topic' };

export default meta;

const TOPIC = storyTopic('subscribers');
/** The hub of this Storybook is open to all, and takes the key of Mercure's documentation. */
const KEY = new TextEncoder().encode('!ChangeThisMercureHubJWTSecretKey!');

/** A stream has to open or to end, and the hub to tell of it. */
const PATIENCE = { timeout: 10_000 };

export const WhoSubscribes: StoryObj = {
  render: () => (
    <div className="side-by-side">
      <Page name="Ana" />
      <Page name="Bo" />
    </div>
  ),
  play: async ({ canvas }) => {
    const page = (name: string) => within(canvas.getByRole('region', { name }));
    await page('Ana').findByText(/^2: .*Bo/, {}, PATIENCE);
    await page('Bo').findByText(/^2: .*Ana/, {}, PATIENCE);
    await userEvent.click(page('Bo').getByRole('button', { name: 'Close' }));
    await page('Ana').findByText('1: Ana', {}, PATIENCE);
    await userEvent.click(page('Bo').getByRole('button', { name: 'Open' }));
    await page('Ana').findByText('2: Ana, Bo', {}, PATIENCE);
  },
};

/** A page with a connection of its own, and the token that a server would give it. */
function Page({ name }: { name: string }) {
  const [token, setToken] = useState<string>();
  const [isOpen, setOpen] = useState(true);
  useEffect(() => void tokenFor(name, TOPIC, KEY).then(setToken), [name]);
  return (
    <section className="story" aria-label={name}>
      <strong>{name}</strong>
      <button onClick={() => setOpen(!isOpen)}>{isOpen ? 'Close' : 'Open'}</button>
      {isOpen && token && (
        <SignalingProvider subscriber={{ headers: { Authorization: `Bearer ${token}` } }}>
          <Subscribers topic={TOPIC} version="0.x" token={token} />
        </SignalingProvider>
      )}
    </section>
  );
}
