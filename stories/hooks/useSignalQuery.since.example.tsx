import { useQuery } from '@tanstack/react-query';
import { readMercureLink } from 'react-signaling';
import { useSignalQuery } from 'react-signaling/query';

export interface Book {
  id: number;
  title: string;
}

export interface Shelf {
  books: Book[];
  lastEventId: string | undefined;
}

async function fetchBooks(): Promise<Shelf> {
  const response = await fetch('/api/books');
  const { lastEventId } = readMercureLink(response);
  return { books: await response.json(), lastEventId };
}

export function Books({ topic }: { topic: string }) {
  const { data } = useQuery({ queryKey: ['shelf'], queryFn: fetchBooks, staleTime: 60_000 });
  useSignalQuery(data ? topic : null, {
    queryKey: ['shelf'],
    since: ({ lastEventId }: Shelf) => lastEventId,
    update: ({ books, lastEventId }, book: Book, event) => ({
      books: [...books.filter(({ id }) => id !== book.id), book],
      lastEventId: event.id ?? lastEventId,
    }),
  });
  return (
    <ul aria-label="Books">
      {data?.books.map(({ id, title }) => (
        <li key={id}>{title}</li>
      ))}
    </ul>
  );
}
