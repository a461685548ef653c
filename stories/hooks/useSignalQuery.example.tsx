import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { usePublish } from 'react-signaling';
import { useSignalQuery } from 'react-signaling/query';

interface Book {
  id: number;
  title: string;
  stock: number;
}

const queryClient = new QueryClient();

// Stands in for the server.
const books = new Map<number, Book>([[1, { id: 1, title: 'Emma', stock: 5 }]]);
const fetchBooks = async () => [...books.values()];

export function Shop() {
  return (
    <QueryClientProvider client={queryClient}>
      <Books />
    </QueryClientProvider>
  );
}

function Books() {
  const { data = [] } = useQuery({ queryKey: ['books'], queryFn: fetchBooks });
  useSignalQuery('https://example.com/shop/books/{id}', {
    queryKey: ['books'],
    update: (books: Book[], book: Book) => books.map((old) => (old.id === book.id ? book : old)),
  });
  return (
    <>
      <ul aria-label="Books">
        {data.map(({ id, title, stock }) => (
          <li key={id}>
            {title}: {stock} in stock
          </li>
        ))}
      </ul>
      <Till />
    </>
  );
}

function Till() {
  const publish = usePublish<Book>('https://example.com/shop/books/1');
  const sell = () => {
    const book = { id: 1, title: 'Emma', stock: books.get(1)!.stock - 1 };
    books.set(1, book);
    return publish(book);
  };
  return <button onClick={sell}>Sell one, as the server would</button>;
}
