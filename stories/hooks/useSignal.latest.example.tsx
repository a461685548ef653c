import { usePublish, useSignal } from 'react-signaling';

const topic = 'https://example.com/doorbell';

export function Doorbell() {
  const { data, status, error } = useSignal<string>(topic);
  const ring = usePublish<string>(topic);
  return (
    <>
      <button onClick={() => void ring(new Date().toLocaleTimeString())}>Ring</button>
      <p role="status">{data ? `Last rung at ${data}` : 'Nobody has rung yet.'}</p>
      <p>{error?.message ?? status}</p>
    </>
  );
}
