import { useState } from 'react';
import { usePublish, useSignal } from 'react-signaling';

const topic = 'https://example.com/opened-at';

export function Shop() {
  const [isShown, setIsShown] = useState(true);
  const publish = usePublish<string>(topic);
  return (
    <>
      <button onClick={() => void publish(new Date().toLocaleTimeString())}>Open the shop</button>
      <button onClick={() => setIsShown(!isShown)}>{isShown ? 'Leave' : 'Come back'}</button>
      {isShown && <OpenedAt />}
    </>
  );
}

function OpenedAt() {
  const { data, status } = useSignal<string>(topic, { since: 'earliest' });
  return (
    <p role="status">
      {data ? `Open since ${data}` : 'Closed'} ({status})
    </p>
  );
}
