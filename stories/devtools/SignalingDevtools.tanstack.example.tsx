import { TanStackDevtools } from '@tanstack/react-devtools';
import { useState } from 'react';
import { SignalingProvider, SseDriver, usePublish, useSignal } from 'react-signaling';
import { inspect, signalingDevtoolsPlugin } from 'react-signaling/devtools';

const TOPIC = 'https://example.com/devtools/bell';

function Bell() {
  const { data } = useSignal<number>(TOPIC);
  const publish = usePublish<number>(TOPIC);
  return (
    <p>
      <button onClick={() => void publish((data ?? 0) + 1)}>Ring</button>{' '}
      <span role="status">Rings: {data ?? 0}</span>
    </p>
  );
}

export function App() {
  const [driver] = useState(() => inspect(new SseDriver()));
  return (
    <SignalingProvider driver={driver}>
      <Bell />
      <TanStackDevtools
        plugins={[signalingDevtoolsPlugin(driver)]}
        config={{ defaultOpen: true }}
      />
    </SignalingProvider>
  );
}
