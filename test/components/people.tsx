import { useEffect, useState } from 'react';
import { page } from 'vitest/browser';
import { VideoCall, type VideoCallProps } from '../../src/components/index.js';
import '../../src/components/components.css';
import { MemoryDriver, SignalingProvider, type MemoryHub } from '../../src/index.js';
import { useTestMedia } from '../../stories/helpers/useTestMedia.js';

/** As long as two peers may take to connect. */
export const PATIENCE = { timeout: 20_000 };

interface PersonProps extends Partial<VideoCallProps> {
  hub: MemoryHub;
  name: string;
  /** The colour of their room, in degrees of the colour wheel. */
  hue?: number;
}

/** A drawn person in a call, with a driver of their own on the hub. */
export function Person({ hub, name, hue = 0, ...props }: PersonProps) {
  const [driver] = useState(() => new MemoryDriver(hub));
  useEffect(() => () => driver.destroy(), [driver]);
  return (
    <SignalingProvider driver={driver}>
      <div style={{ blockSize: 400 }}>
        <VideoCall
          aria-label={name}
          room="https://example.com/room"
          name={name}
          media={useTestMedia(hue)}
          {...props}
        />
      </div>
    </SignalingProvider>
  );
}

/** The call that this person sees. */
export const callOf = (name: string) => page.getByRole('region', { name, exact: true });
