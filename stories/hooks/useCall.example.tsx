import { useCall } from 'react-signaling';

export function People({ name }: { name: string }) {
  const { status, peers, error, leave, rejoin } = useCall({
    room: 'https://example.com/rooms/people',
    name,
  });
  return (
    <>
      <p role="status">{error?.message ?? status}</p>
      <ul aria-label="Others">
        {peers.map((peer) => (
          <li key={peer.id}>
            {peer.name} ({peer.state})
          </li>
        ))}
      </ul>
      {status === 'left' ? (
        <button onClick={rejoin}>Join again</button>
      ) : (
        <button onClick={leave}>Leave</button>
      )}
    </>
  );
}
