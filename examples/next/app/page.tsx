import { ConnectionStatus } from 'react-signaling/components';
import { announce } from './actions';
import { Chat } from './Chat';
import { TOPIC } from './hub';

export default function Page() {
  return (
    <main>
      <h1>Chat</h1>
      <Chat topic={TOPIC} />
      <form action={announce}>
        <button>Let the server say hello</button>
      </form>
      <ConnectionStatus />
    </main>
  );
}
