import { useState } from 'react';
import { SignalingProvider, SseDriver, usePublish, useSignal } from 'react-signaling';
import { inspect, SignalingDevtools } from 'react-signaling/devtools';

const TOPIC = 'https://example.com/devtools/lamp';

function Lamp() {
  const { data } = useSignal<string>(TOPIC);
  const publish = usePublish<string>(TOPIC);
  return (
    <p>
      <button onClick={() => void publish(data === 'on' ? 'off' : 'on')}>Switch</button>{' '}
      <span role="status">The lamp is {data ?? 'off'}</span>
    </p>
  );
}

export function App() {
  const [driver] = useState(() => inspect(new SseDriver()));
  return (
    <SignalingProvider driver={driver}>
      <Lamp />
      <SignalingDevtools driver={driver} initialOpen />
    </SignalingProvider>
  );
}
