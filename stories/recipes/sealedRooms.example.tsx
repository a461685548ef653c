import { useState } from 'react';
import { sealed, SignalingProvider, usePresence, usePublish, useSignals } from 'react-signaling';

const topic = 'https://example.com/rooms/garden';

/** @param secret What follows the # of the link to the room: at least 16 random characters. */
export function SealedRoom({ secret, name }: { secret: string; name: string }) {
  const [codec] = useState(() => sealed(new TextEncoder().encode(secret)));
  return (
    <SignalingProvider codec={codec}>
      <Room name={name} />
    </SignalingProvider>
  );
}

function Room({ name }: { name: string }) {
  const { others, status, error } = usePresence(`${topic}/presence`, { name });
  const { signals } = useSignals<string>(topic);
  const publish = usePublish<string>(topic);
  return (
    <>
      <p role="status">
        {error?.code === 'secret'
          ? 'Somebody here has another link to this room.'
          : status === 'open'
            ? `Here with you: ${others.map(({ data }) => data.name).join(', ') || 'nobody'}`
            : 'Connecting …'}
      </p>
      <button onClick={() => void publish(`Hello from ${name}`)}>Say hello</button>
      <ul aria-label="Messages">
        {signals.map((text, index) => (
          <li key={index}>{text}</li>
        ))}
      </ul>
    </>
  );
}
