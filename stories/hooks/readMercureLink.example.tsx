import { readMercureLink, useSignals } from 'react-signaling';

export interface Book {
  id: number;
  title: string;
}

export interface BooksPage {
  books: readonly Book[];
  topic: string | null;
  lastEventId: string | undefined;
}

/** Where the data is loaded: in the loader of a route, or on the server that renders the page. */
export async function readBooks(response: Response): Promise<BooksPage> {
  const { topic = null, lastEventId } = readMercureLink(response);
  return { books: (await response.json()) as Book[], topic, lastEventId };
}

export function Books({ books, topic, lastEventId }: BooksPage) {
  const { signals } = useSignals<Book>(topic, { since: lastEventId, by: ({ id }) => id });
  const all = new Map([...books, ...signals].map((book) => [book.id, book]));
  return (
    <ul aria-label="Books">
      {[...all.values()].map(({ id, title }) => (
        <li key={id}>{title}</li>
      ))}
    </ul>
  );
}
