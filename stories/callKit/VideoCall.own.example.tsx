import type { LocalMedia } from 'react-signaling';
import { VideoCall, VideoTile } from 'react-signaling/components';
import 'react-signaling/components.css';

/** Without `media` it asks for camera and microphone by itself. */
export function MeetingOfOurOwn({ room, media }: { room: string; media?: LocalMedia }) {
  return (
    <VideoCall
      room={room}
      name="Ada"
      media={media}
      labels={{ leave: 'Auflegen', mute: 'Stumm schalten', you: (name) => `${name} (du)` }}
      tile={(peer) => <VideoTile peer={peer} style={{ filter: 'sepia(1)' }} />}
    >
      <button className="rs-button">Notizen</button>
    </VideoCall>
  );
}
