import { hydrateRoot } from 'react-dom/client';
import { Books, type BooksProps } from './Books.js';

const props = JSON.parse(document.getElementById('props')!.textContent) as BooksProps;
hydrateRoot(document.getElementById('root')!, <Books {...props} />, {
  onRecoverableError: (error) => console.error(error),
});
