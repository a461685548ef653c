import type { Meta, StoryObj } from '@storybook/react-vite';
import { useState } from 'react';
import { SignalingProvider } from 'react-signaling';
import { expect, userEvent } from 'storybook/test';
import { storyTopic } from '../helpers/topics.js';
import { withProvider } from '../helpers/withProvider.js';
import { Stock, type Book } from './nextStock.example.js';

const meta: Meta = { title: 'Recipes/Next.js', decorators: [withProvider] };

export default meta;

const TOPIC = storyTopic('next/books/1');

export const Hydration: StoryObj = {
  render: () => <Loader />,
  play: async ({ canvas }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Load the page' }));
    await canvas.findByText('Emma: 4 in stock', {}, { timeout: 10_000 });
    await userEvent.click(canvas.getByRole('button', { name: 'Sell one' }));
    await expect(await canvas.findByText('Emma: 3 in stock')).toBeVisible();
  },
};

/** Publishes as a backend does, and returns the id that the hub gave to the update. */
async function publish(stock: number): Promise<string> {
  const body = new URLSearchParams({
    topic: TOPIC,
    data: JSON.stringify({ title: 'Emma', stock } satisfies Book),
  });
  return (await fetch('/.well-known/mercure', { method: 'POST', body })).text();
}

/** Plays the server: it renders five in stock, and one is sold before the page has been hydrated. */
function Loader() {
  const [since, setSince] = useState<string>();
  const [stock, setStock] = useState(5);
  const load = async () => {
    const lastEventId = await publish(5);
    await publish(4);
    setStock(4);
    setSince(lastEventId);
  };
  const sell = async () => {
    await publish(stock - 1);
    setStock(stock - 1);
  };
  return (
    <>
      <div className="row">
        <button onClick={load}>Load the page</button>
        <button onClick={sell} disabled={!since}>
          Sell one
        </button>
      </div>
      {since && (
        <SignalingProvider key={since} encoding="text">
          <Stock initial={{ title: 'Emma', stock: 5 }} topic={TOPIC} since={since} />
        </SignalingProvider>
      )}
    </>
  );
}
