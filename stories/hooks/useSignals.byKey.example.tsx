import { usePublish, useSignals } from 'react-signaling';

interface Row {
  name: string;
  price: number;
  deleted?: boolean;
}

const topic = 'https://example.com/rows';

export function Prices() {
  const { signals, clear } = useSignals<Row>(topic, { by: (row) => row.name });
  const publish = usePublish<Row>(topic);
  return (
    <>
      {['Apples', 'Pears'].map((name) => (
        <button key={name} onClick={() => void publish({ name, price: Math.random() })}>
          Change {name}
        </button>
      ))}
      <button onClick={() => void publish({ name: 'Pears', price: 0, deleted: true })}>
        Remove Pears
      </button>
      <button onClick={clear}>Clear</button>
      <ul aria-label="Prices">
        {signals
          .filter((row) => !row.deleted)
          .map(({ name, price }) => (
            <li key={name}>
              {name} {price.toFixed(2)}
            </li>
          ))}
      </ul>
    </>
  );
}
