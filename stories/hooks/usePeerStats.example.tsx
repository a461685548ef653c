import { useCall, usePeerStats, type CallView } from 'react-signaling';

export function Connections({ name }: { name: string }) {
  const call = useCall({ room: 'https://example.com/rooms/stats', name });
  return (
    <ul aria-label="Connections">
      {call.peers.map((peer) => (
        <li key={peer.id}>
          {peer.name}: <Quality call={call} peerId={peer.id} />
        </li>
      ))}
    </ul>
  );
}

function Quality({ call, peerId }: { call: CallView; peerId: string }) {
  const { roundTrip } = usePeerStats(call, peerId);
  return roundTrip === undefined ? 'measuring…' : `${Math.round(roundTrip)} ms there and back`;
}
