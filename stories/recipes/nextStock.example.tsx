'use client'; // app/books/Stock.tsx

import { useSignal } from 'react-signaling';

export interface Book {
  title: string;
  stock: number;
}

export function Stock(props: { initial: Book; topic: string; since?: string | undefined }) {
  const { data: book = props.initial } = useSignal<Book>(props.topic, { since: props.since });
  return (
    <p role="status">
      {book.title}: {book.stock} in stock
    </p>
  );
}
