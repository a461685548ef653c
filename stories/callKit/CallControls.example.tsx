import { useState } from 'react';
import type { CallView, LocalMedia } from 'react-signaling';
import { CallControls } from 'react-signaling/components';
import 'react-signaling/components.css';

/** `call` is what `useCall` returns, `media` what `useLocalMedia` returns. */
export function Buttons({ call, media }: { call: CallView; media: LocalMedia }) {
  const [hand, setHand] = useState(false);
  const raise = (up: boolean) => {
    setHand(up);
    call.setData({ hand: up });
  };
  return <CallControls media={media} hand={hand} onHand={raise} onLeave={call.leave} />;
}
