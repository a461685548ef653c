import type { CallView } from 'react-signaling';
import { CallGrid, VideoTile } from 'react-signaling/components';
import 'react-signaling/components.css';

/** `call` is what `useCall` returns. */
export function Everybody({ call }: { call: CallView }) {
  return (
    <div style={{ height: '24rem' }}>
      <CallGrid>
        {call.peers.flatMap((peer) => [
          peer.screen && <VideoTile key={`${peer.id} screen`} peer={peer} source="screen" />,
          <VideoTile key={peer.id} peer={peer} />,
        ])}
      </CallGrid>
    </div>
  );
}
