import { useState } from 'react';
import { useSignal } from 'react-signaling';

export interface Book {
  '@id': string;
  title?: string;
}

/** `initial` is what the API has answered: the collection, as your page was loaded with it. */
export function Books({ initial }: { initial: readonly Book[] }) {
  const [books, setBooks] = useState(initial);
  useSignal<Book>(
    'https://example.com/books/{id}',
    (changed) => setBooks((books) => merge(books, changed)),
    { encoding: 'text' }, // JSON as it is: what PHP posts
  );
  return (
    <ul aria-label="Books">
      {books.map((book) => (
        <li key={book['@id']}>{book.title}</li>
      ))}
    </ul>
  );
}

/** API Platform posts the whole resource, and of a deleted one only its `@id`. */
function merge(books: readonly Book[], changed: Book): readonly Book[] {
  const others = books.filter((book) => book['@id'] !== changed['@id']);
  if (changed.title === undefined) return others;
  if (others.length === books.length) return [...books, changed];
  return books.map((book) => (book['@id'] === changed['@id'] ? changed : book));
}
