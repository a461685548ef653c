// app/books/page.tsx, a server component
import { readMercureLink } from 'react-signaling/driver';
import { Stock, type Book } from './nextStock.example.js';

export default async function Page() {
  const response = await fetch('https://api.example.com/books/1', { cache: 'no-store' });
  const book: Book = await response.json();
  const { topic, lastEventId } = readMercureLink(response);
  return <Stock initial={book} topic={topic!} since={lastEventId} />;
}
