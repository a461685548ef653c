import { useState } from 'react';
import { useConnection, useSignal } from 'react-signaling';

export function Connection() {
  const { status, error, attempt, retryAt, queued, reconnect } = useConnection();
  const [listening, setListening] = useState(false);
  useSignal(listening ? 'https://example.com/connection' : null);
  return (
    <>
      <dl>
        <dt>status</dt>
        <dd>{status}</dd>
        <dt>error</dt>
        <dd>{error ? `${error.code}: ${error.message}` : 'none'}</dd>
        <dt>attempt</dt>
        <dd>{attempt}</dd>
        <dt>retryAt</dt>
        <dd>{retryAt ? new Date(retryAt).toLocaleTimeString() : 'none'}</dd>
        <dt>queued</dt>
        <dd>{queued}</dd>
      </dl>
      <button onClick={() => setListening(!listening)}>
        {listening ? 'Stop listening' : 'Listen'}
      </button>
      <button onClick={reconnect}>Reconnect</button>
    </>
  );
}
