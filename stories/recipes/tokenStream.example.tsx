import { useSignals } from 'react-signaling';
import type { Token } from './tokenStream.server.example.js';

export function Answer({ id }: { id: string }) {
  const { signals, error } = useSignals<Token>(`https://example.com/answers/${id}`, {
    since: 'earliest',
    by: ({ number }) => number,
    last: Infinity,
    encoding: 'text',
  });
  const last = signals.at(-1);
  const isComplete = last?.end === true && signals.length === last.number + 1;
  return (
    <section aria-label="Answer" aria-live="polite" aria-busy={!isComplete}>
      <p>{signals.map(({ text }) => text).join('')}</p>
      {error && <p role="alert">{error.message}</p>}
    </section>
  );
}
