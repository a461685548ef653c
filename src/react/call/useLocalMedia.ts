'use client';

import { useEffect, useState, useSyncExternalStore } from 'react';
import { LocalMediaSource, type LocalMedia, type LocalMediaOptions } from '../../call/index.js';

/**
 * Camera, microphone and screen while it is mounted; afterwards every track is stopped.
 *
 * @param options What is asked for when it mounts; changes are not looked at. Default: camera and
 *   microphone. What is `false` can be turned on later.
 *
 * @example
 * ```tsx
 * const media = useLocalMedia({ camera: { height: 720 }, microphone: true });
 * <button onClick={() => media.camera.set(!media.camera.on)}>Camera</button>
 * ```
 */
export function useLocalMedia(options?: LocalMediaOptions): LocalMedia {
  const [source] = useState(() => new LocalMediaSource(options));
  useEffect(() => {
    source.open();
    return () => source.close();
  }, [source]);
  const getState = () => source.state;
  return useSyncExternalStore(source.onChange, getState, getState);
}
