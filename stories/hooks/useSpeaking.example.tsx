import { useSpeaking, type CallView } from 'react-signaling';

export function Speakers({ call }: { call: CallView }) {
  const speaking = useSpeaking(call);
  return (
    <ul aria-label="People">
      {call.peers.map((peer) => (
        <li key={peer.id}>
          {peer.name} {speaking.has(peer.id) && <strong>speaks</strong>}
        </li>
      ))}
    </ul>
  );
}
