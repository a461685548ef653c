import { useState } from 'react';
import { SignalingProvider, useConnection, useSignal } from 'react-signaling';

export function App() {
  return (
    <SignalingProvider
      url="https://example.com/.well-known/mercure"
      publisher={authorize}
      subscriber={authorize}
    >
      <News />
      <LogIn />
    </SignalingProvider>
  );
}

/** Called before every request, and once more after a 401 or 403. */
async function authorize() {
  const response = await fetch('/signaling-token', { credentials: 'same-origin' });
  return { headers: { Authorization: `Bearer ${await response.text()}` } };
}

function News() {
  const { data, error } = useSignal<string>('https://example.com/news');
  return <p role="status">{error ? 'You have no access to this.' : data}</p>;
}

function LogIn() {
  const { reconnect } = useConnection();
  const [busy, setBusy] = useState(false);
  const logIn = async () => {
    setBusy(true);
    await fetch('/login', { method: 'POST' });
    // Every stream is opened with the new token, also those that the hub had refused.
    reconnect();
    setBusy(false);
  };
  return (
    <button disabled={busy} onClick={() => void logIn()}>
      Log in
    </button>
  );
}
