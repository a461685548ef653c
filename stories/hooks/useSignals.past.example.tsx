import { useState } from 'react';
import { usePublish, useSignals } from 'react-signaling';

const topic = 'https://example.com/feed';

export function Feed() {
  const [isShown, setIsShown] = useState(true);
  const publish = usePublish<string>(topic);
  return (
    <>
      <button onClick={() => void publish(new Date().toLocaleTimeString())}>Publish</button>
      <button onClick={() => setIsShown(!isShown)}>{isShown ? 'Hide' : 'Show'}</button>
      {isShown && <LatestFive />}
    </>
  );
}

function LatestFive() {
  const { signals, status } = useSignals<string>(topic, { since: 'earliest', last: 5 });
  return (
    <>
      <ol aria-label="The latest five">
        {signals.map((time, index) => (
          <li key={index}>{time}</li>
        ))}
      </ol>
      <p role="status">{status}</p>
    </>
  );
}
