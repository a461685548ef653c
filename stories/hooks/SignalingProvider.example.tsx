import { SignalingProvider, useSignal } from 'react-signaling';

export function App() {
  return (
    <SignalingProvider
      url="/.well-known/mercure"
      publisher={async () => ({ headers: { Authorization: `Bearer ${await freshToken()}` } })}
      onError={(error) => console.error(error)}
    >
      <Greeting />
    </SignalingProvider>
  );
}

function Greeting() {
  const { data, status } = useSignal<string>('https://example.com/greeting');
  return <p>{data ?? status}</p>;
}

/** Yours: asks your server for a token of this user. */
async function freshToken(): Promise<string> {
  const response = await fetch('/token');
  return response.text();
}
