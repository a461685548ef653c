import { useState } from 'react';
import { usePublish, useSignal } from 'react-signaling';

const topic = 'https://example.com/counter';

export function EverySignal() {
  const [lines, setLines] = useState<string[]>([]);
  useSignal<number>(topic, (number, { own }) => {
    setLines((lines) => [...lines, `${number} ${own ? '(own)' : '(from another tab)'}`]);
  });
  const publish = usePublish<number>(topic);
  const publishFive = () => {
    for (let number = 1; number <= 5; number++) void publish(number);
  };
  return (
    <>
      <button onClick={publishFive}>Publish 1 to 5</button>
      <ol aria-label="Signals">
        {lines.map((line, index) => (
          <li key={index}>{line}</li>
        ))}
      </ol>
    </>
  );
}
