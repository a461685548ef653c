import type { LocalMedia } from 'react-signaling';
import { Lobby } from 'react-signaling/components';
import 'react-signaling/components.css';

/** `media` is what `useLocalMedia` returns; hand the same to `useCall` once they join. */
export function Entrance({ media, onJoin }: { media: LocalMedia; onJoin: () => void }) {
  return (
    <div className="rs-call" style={{ height: '30rem' }}>
      <Lobby media={media} name="Ada" onJoin={onJoin} />
    </div>
  );
}
