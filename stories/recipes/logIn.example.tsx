import { useState } from 'react';
import { flushSync } from 'react-dom';
import { SignalingProvider, useConnection, useSignal } from 'react-signaling';

/** `logIn` asks your server for a token of the user. */
export function App({ logIn }: { logIn: () => Promise<string> }) {
  const [token, setToken] = useState<string>();
  return (
    <SignalingProvider subscriber={token ? { headers: { Authorization: `Bearer ${token}` } } : {}}>
      <Letter />
      {token ? (
        <Session label="Log out" getToken={async () => undefined} setToken={setToken} />
      ) : (
        <Session label="Log in" getToken={logIn} setToken={setToken} />
      )}
    </SignalingProvider>
  );
}

interface SessionProps {
  label: string;
  getToken: () => Promise<string | undefined>;
  setToken: (token: string | undefined) => void;
}

function Session({ label, getToken, setToken }: SessionProps) {
  const { reconnect } = useConnection();
  const onClick = async () => {
    const token = await getToken();
    // The provider has to know them before every stream is opened anew.
    flushSync(() => setToken(token));
    reconnect();
  };
  return <button onClick={() => void onClick()}>{label}</button>;
}

function Letter() {
  const { data } = useSignal<string>('https://example.com/users/2/letters');
  return <p role="status">{data ?? 'No letter yet'}</p>;
}
