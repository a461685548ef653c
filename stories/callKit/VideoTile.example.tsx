import { usePeerStats, type CallView, type Peer } from 'react-signaling';
import { VideoTile } from 'react-signaling/components';
import 'react-signaling/components.css';

/** `call` is what `useCall` returns, `peer` is one of `call.peers`. */
export function Person({ call, peer }: { call: CallView; peer: Peer }) {
  const { quality } = usePeerStats(call, peer.id);
  return <VideoTile peer={peer} quality={quality} style={{ maxWidth: '30rem' }} />;
}
