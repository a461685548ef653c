import { SignalingProvider, useSignals } from '../../../src/index.js';

/** What the server had when it rendered the page. */
export interface BooksProps {
  hub: string;
  topic: string;
  lastEventId: string;
  books: readonly string[];
}

/** Shows the books that the server rendered, and those that are published since. */
export function Books({ hub, ...props }: BooksProps) {
  return (
    <SignalingProvider url={hub} encoding="text">
      <List {...props} />
    </SignalingProvider>
  );
}

function List({ topic, lastEventId, books }: Omit<BooksProps, 'hub'>) {
  const { signals } = useSignals<string>(topic, { since: lastEventId });
  return (
    <ul>
      {[...books, ...signals].map((title) => (
        <li key={title}>{title}</li>
      ))}
    </ul>
  );
}
