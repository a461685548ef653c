import { useState } from 'react';
import { usePublish } from 'react-signaling';

export function NotJson() {
  const publish = usePublish('https://example.com/orders');
  const [reason, setReason] = useState('');
  const send = () => publish(undefined).catch((error: Error) => setReason(error.message));
  return (
    <>
      <button onClick={() => void send()}>Publish undefined</button>
      <p role="alert">{reason}</p>
    </>
  );
}
