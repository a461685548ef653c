import { memo } from 'react';
import { useSignal } from 'react-signaling';

const SYMBOLS = Array.from({ length: 1_000 }, (_, index) => `S${index}`);

export function OrderBook() {
  return (
    <section aria-label="Prices" tabIndex={0} style={{ height: '16rem', overflow: 'auto' }}>
      <ol>
        {SYMBOLS.map((symbol) => (
          <Row key={symbol} symbol={symbol} />
        ))}
      </ol>
    </section>
  );
}

/** Renders for its own price and for nothing else, at most ten times a second. */
const Row = memo(function Row({ symbol }: { symbol: string }) {
  const { data } = useSignal<number>(`https://example.com/prices/${symbol}`);
  return (
    <li>
      {symbol} {data?.toFixed(2)}
    </li>
  );
});
