import type { Meta, StoryObj } from '@storybook/react-vite';
import { useState } from 'react';
import { SignalingProvider } from 'react-signaling';
import { expect, userEvent, waitFor } from 'storybook/test';
import { withProvider } from '../helpers/withProvider.js';
import { Answer } from './tokenStream.example.js';
import { publishAnswer } from './tokenStream.server.example.js';

const meta: Meta = { title: 'Recipes/AI token streams', decorators: [withProvider] };

export default meta;

const TEXT =
  'A café’s cat 🐈 sits where the sun will be in a minute. It has read no forecast; it has sat ' +
  'there yesterday.';

/** What a model would write, a word at a time. */
async function* write() {
  for (const word of TEXT.split(/(?<= )/)) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    yield word;
  }
}

export const ReloadInMidAnswer: StoryObj = {
  render: () => <Page />,
  play: async ({ canvas }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Ask' }));
    await canvas.findByText(/sits/, {}, { timeout: 10_000 });
    await userEvent.click(canvas.getByRole('button', { name: 'Reload' }));
    const answer = () => canvas.getByRole('region', { name: 'Answer' });
    await expect(answer()).not.toHaveTextContent('yesterday');
    await waitFor(() => expect(answer()).toHaveAttribute('aria-busy', 'false'), { timeout: 5_000 });
    await expect(answer().textContent).toBe(TEXT);
  },
};

function Page() {
  const [id, setId] = useState<string>();
  const [loads, setLoads] = useState(0);
  const ask = () => {
    const id = crypto.randomUUID();
    setId(id);
    void publishAnswer('/.well-known/mercure', id, write());
  };
  return (
    <>
      <div className="row">
        <button onClick={ask}>Ask</button>
        <button onClick={() => setLoads(loads + 1)} disabled={!id}>
          Reload
        </button>
      </div>
      <SignalingProvider key={loads}>{id && <Answer key={id} id={id} />}</SignalingProvider>
    </>
  );
}
