import { SignalingProvider, usePublish, useSignal } from 'react-signaling';

export function App() {
  return (
    <SignalingProvider>
      <Doorbell />
    </SignalingProvider>
  );
}

function Doorbell() {
  const { data, status } = useSignal<string>('https://example.com/front-door');
  const ring = usePublish<string>('https://example.com/front-door');
  return (
    <>
      <button onClick={() => void ring(new Date().toLocaleTimeString())}>Ring</button>
      <p role="status">{data ? `Last rung at ${data}` : status}</p>
    </>
  );
}
