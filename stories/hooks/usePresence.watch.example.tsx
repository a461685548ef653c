import { useState } from 'react';
import { usePresence } from 'react-signaling';

const topic = 'https://example.com/meeting/presence';

export function Meeting({ name }: { name: string }) {
  const [isInside, setInside] = useState(false);
  const { others, status } = usePresence(topic, isInside ? { name } : null);
  return (
    <>
      <p role="status">
        {status === 'open' ? `${others.length} in the meeting, you not counted` : 'Connecting …'}
      </p>
      <button onClick={() => setInside(!isInside)}>{isInside ? 'Leave' : 'Enter'}</button>
    </>
  );
}
