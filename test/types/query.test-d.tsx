import { queryOptions, type UseMutationResult } from '@tanstack/react-query';
import { expectTypeOf } from 'vitest';
import { text, type Schema, type SignalEvent, type SignalingError } from '../../src/index.js';
import { useOptimisticPublish, useSignalQuery } from '../../src/query/index.js';

interface Book {
  id: number;
}

declare const schema: Schema<Book>;
declare const books: Book[];
const options = queryOptions({ queryKey: ['books'], queryFn: () => books });

/** The data follows from a key of `queryOptions`, the signal from schema or codec; or both are said. */
export function Follow(): void {
  const { queryKey } = options;
  useSignalQuery('books', {
    queryKey,
    schema,
    update: (data, signal, event) => {
      expectTypeOf(data).toEqualTypeOf<Book[]>();
      expectTypeOf(signal).toEqualTypeOf<Book>();
      expectTypeOf(event).toEqualTypeOf<SignalEvent>();
      return [...data, signal];
    },
  });
  useSignalQuery(null, {
    queryKey: ['books', 1],
    codec: text,
    invalidate: (signal) => {
      expectTypeOf(signal).toEqualTypeOf<string>();
      return true;
    },
  });
  useSignalQuery([{ template: '/books/{id}' }], { queryKey: ['books'], invalidate: true });
  useSignalQuery('books', {
    queryKey: ['books'],
    update: (data: Book[], signal: Book) => (signal.id > 0 ? [...data, signal] : undefined),
  });
  useSignalQuery('books', {
    queryKey,
    invalidate: true,
    since: (data) => {
      expectTypeOf(data).toEqualTypeOf<Book[]>();
      return undefined;
    },
  });

  // @ts-expect-error no id
  useSignalQuery('books', { queryKey, invalidate: true, since: () => 1 });
  // @ts-expect-error the update returns other data
  useSignalQuery('books', { queryKey, update: () => ['a'] });
  // @ts-expect-error one of both is needed
  useSignalQuery('books', { queryKey });
  // @ts-expect-error one of both
  useSignalQuery('books', { queryKey, update: (data) => data, invalidate: true });
}

/** A mutation as `useMutation` returns it. */
export function Publish(): void {
  const mutation = useOptimisticPublish('books', {
    queryKey: options.queryKey,
    update: (data, book: Book) => [...data, book],
    onError(error, book) {
      expectTypeOf(error).toEqualTypeOf<SignalingError>();
      expectTypeOf(book).toEqualTypeOf<Book>();
    },
  });
  expectTypeOf(mutation).toEqualTypeOf<UseMutationResult<void, SignalingError, Book>>();
  mutation.mutate({ id: 1 });
  // @ts-expect-error no such value
  mutation.mutate('book');
  useOptimisticPublish('books', {
    queryKey: ['books'],
    update: (data: Book[]) => data,
    // @ts-expect-error the driver tries again
    retry: 3,
  });
}
