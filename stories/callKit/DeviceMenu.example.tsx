import type { LocalMedia } from 'react-signaling';
import { DeviceMenu } from 'react-signaling/components';
import 'react-signaling/components.css';

/** `media` is what `useLocalMedia` returns. */
export function ChooseDevices({ media }: { media: LocalMedia }) {
  return (
    <>
      <DeviceMenu device={media.camera} aria-label="Choose a camera" />
      <DeviceMenu device={media.microphone} aria-label="Choose a microphone" />
    </>
  );
}
