import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import type { Meta, StoryObj } from '@storybook/react-vite';
import { usePublish } from 'react-signaling';
import { expect, userEvent } from 'storybook/test';
import { missNoBook } from '../helpers/missNoBook.js';
import { withProvider } from '../helpers/withProvider.js';
import { Shop } from './useSignalQuery.example.js';
import { Books, type Book, type Shelf } from './useSignalQuery.since.example.js';

const meta: Meta = { title: 'Hooks/useSignalQuery', decorators: [withProvider] };

export default meta;

export const Update: StoryObj = {
  render: () => <Shop />,
  play: async ({ canvas }) => {
    const [, stock] = /(\d+) in stock/.exec((await canvas.findByText(/Emma/)).textContent)!;
    await userEvent.click(canvas.getByRole('button'));
    await expect(await canvas.findByText(`Emma: ${Number(stock) - 1} in stock`)).toBeVisible();
  },
};

export const GoOn: StoryObj = {
  render: () => <Page />,
  play: ({ canvas }) => missNoBook(canvas),
};

/** The page comes with what a server has fetched before any of these books was published. */
function Page() {
  const [topic] = useState(() => `https://example.com/shelves/${crypto.randomUUID()}`);
  const [count, setCount] = useState(0);
  const [client, setClient] = useState<QueryClient>();
  const publish = usePublish<Book>(topic);
  const add = async () => {
    await publish({ id: count + 1, title: `Book ${count + 1}` });
    setCount(count + 1);
  };
  const load = () => {
    const hydrated = new QueryClient();
    const books = [{ id: 0, title: 'Book 0' }];
    hydrated.setQueryData<Shelf>(['shelf'], { books, lastEventId: 'earliest' });
    setClient(hydrated);
  };
  return (
    <>
      <button onClick={() => void add()}>Add a book</button>
      <button onClick={load}>Load the page</button>
      <p role="status">{count} published</p>
      {client && (
        <QueryClientProvider client={client}>
          <Books topic={topic} />
        </QueryClientProvider>
      )}
    </>
  );
}
