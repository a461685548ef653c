import type { CallView } from 'react-signaling';
import { CallAudio } from 'react-signaling/components';
import 'react-signaling/components.css';

/** `call` is what `useCall` returns. Show it once, outside of what pages, pins or hides tiles. */
export function Sound({ call }: { call: CallView }) {
  return <CallAudio peers={call.peers} />;
}
