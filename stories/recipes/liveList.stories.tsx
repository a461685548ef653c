import type { Meta, StoryObj } from '@storybook/react-vite';
import { useSignal } from 'react-signaling';
import { expect, userEvent, waitFor } from 'storybook/test';
import { withProvider } from '../helpers/withProvider.js';
import { Books, type Book } from './liveList.example.js';

const meta: Meta = { title: 'Recipes/Live list from Symfony', decorators: [withProvider] };

export default meta;

export const LiveList: StoryObj = {
  render: () => (
    <>
      <Books
        initial={[
          { '@id': '/books/1', title: 'Dune' },
          { '@id': '/books/2', title: 'Emma' },
        ]}
      />
      <Backend />
    </>
  ),
  play: async ({ canvas }) => {
    await canvas.findByText('The list is live.', {}, { timeout: 10_000 });
    await userEvent.click(canvas.getByRole('button', { name: 'Backend renames Emma' }));
    await canvas.findByText('Emma (annotated)');
    await userEvent.click(canvas.getByRole('button', { name: 'Backend deletes Dune' }));
    await waitFor(() => expect(canvas.getByRole('list')).toHaveTextContent(/^Emma \(annotated\)$/));
  },
};

/** Posts what Symfony's Mercure bundle posts. */
async function publish(book: Book): Promise<void> {
  await fetch('/.well-known/mercure', {
    method: 'POST',
    body: new URLSearchParams({
      topic: `https://example.com${book['@id']}`,
      data: JSON.stringify(book),
    }),
  });
}

function Backend() {
  const { status } = useSignal('https://example.com/books/{id}', { encoding: 'text' });
  return (
    <>
      <div className="row">
        <button onClick={() => void publish({ '@id': '/books/2', title: 'Emma (annotated)' })}>
          Backend renames Emma
        </button>
        <button onClick={() => void publish({ '@id': '/books/1' })}>Backend deletes Dune</button>
        <button onClick={() => void publish({ '@id': '/books/3', title: 'Ulysses' })}>
          Backend adds Ulysses
        </button>
      </div>
      <p role="status">{status === 'open' ? 'The list is live.' : status}</p>
    </>
  );
}
