import type { Meta, StoryObj } from '@storybook/react-vite';
import { useState } from 'react';
import { usePublish } from 'react-signaling';
import { missNoBook } from '../helpers/missNoBook.js';
import { withProvider } from '../helpers/withProvider.js';
import { Books, readBooks, type Book, type BooksPage } from './readMercureLink.example.js';

const meta: Meta = { title: 'Hooks/readMercureLink', decorators: [withProvider] };

export default meta;

export const Discovery: StoryObj = {
  render: () => <Shelf />,
  play: ({ canvas }) => missNoBook(canvas),
};

/** The page is what an API answered before any of these books was published. */
function Shelf() {
  const [topic] = useState(() => `https://example.com/shelves/${crypto.randomUUID()}`);
  const [count, setCount] = useState(0);
  const [page, setPage] = useState<BooksPage>();
  const publish = usePublish<Book>(topic);
  const add = async () => {
    await publish({ id: count + 1, title: `Book ${count + 1}` });
    setCount(count + 1);
  };
  const load = async () => {
    const hub = '</.well-known/mercure>; rel="mercure"; last-event-id="earliest"';
    const headers = { Link: `${hub}, <${topic}>; rel="self"` };
    setPage(await readBooks(Response.json([{ id: 0, title: 'Book 0' }], { headers })));
  };
  return (
    <>
      <button onClick={() => void add()}>Add a book</button>
      <button onClick={() => void load()}>Load the page</button>
      <p role="status">{count} published</p>
      {page && <Books {...page} />}
    </>
  );
}
