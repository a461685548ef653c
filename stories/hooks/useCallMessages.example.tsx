import { useCall, useCallMessages } from 'react-signaling';

export function Reactions({ name }: { name: string }) {
  const call = useCall({ room: 'https://example.com/rooms/reactions', name });
  const { messages, send } = useCallMessages<string>(call, 'reactions');
  return (
    <>
      <p>{call.peers.some(({ state }) => state === 'connected') ? 'Connected' : 'Connecting…'}</p>
      <button onClick={() => send('👏')} aria-label="Applaud">
        👏
      </button>
      <ol aria-label="Reactions">
        {messages.map((message) => (
          <li key={message.id}>
            {message.own ? 'You' : message.name}: {message.body}
          </li>
        ))}
      </ol>
    </>
  );
}
