import { SignalingProvider } from 'react-signaling';
import { VideoCall } from 'react-signaling/components';
import 'react-signaling/components.css';

export function Meeting() {
  return (
    <SignalingProvider>
      <div style={{ height: '100dvh' }}>
        <VideoCall room="https://example.com/rooms/1" name="Ada" lobby />
      </div>
    </SignalingProvider>
  );
}
