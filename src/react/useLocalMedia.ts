'use client';

import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { LocalMediaSource, type LocalMediaState } from '../call/index.js';
import { useStableValue } from './useStableValue.js';

/** What {@link useLocalMedia} gives. */
export interface LocalMedia extends LocalMediaState {
  /** Mutes or unmutes, without negotiating. It is remembered for a stream that comes later. */
  readonly setMicrophone: (on: boolean) => void;
  /** Shows or hides the picture, without negotiating. It is remembered for a stream that comes later. */
  readonly setCamera: (on: boolean) => void;
  /** Asks again. */
  readonly retry: () => void;
}

const EVERYTHING: MediaStreamConstraints = { audio: true, video: true };

/**
 * Camera and microphone while it is mounted; afterwards every track is stopped.
 *
 * @param constraints As `getUserMedia` takes them; compared by their JSON, so they may be written
 *   inline, and other ones ask anew. Default: both.
 * @param options `enabled: false` asks nothing and stops what there was. Default: `true`.
 *
 * @example
 * ```tsx
 * const { stream, error, camera, setCamera } = useLocalMedia({ video: { height: 720 }, audio: true });
 * ```
 */
export function useLocalMedia(
  constraints: MediaStreamConstraints = EVERYTHING,
  { enabled = true }: { enabled?: boolean | undefined } = {},
): LocalMedia {
  const [source] = useState(() => new LocalMediaSource());
  const wanted = useStableValue(constraints);
  useEffect(() => {
    if (!enabled) return;
    source.open(wanted);
    return () => source.close();
  }, [source, wanted, enabled]);

  const getState = () => source.state;
  const state = useSyncExternalStore(source.onChange, getState, getState);
  const actions = useMemo(
    () => ({
      setMicrophone: (on: boolean) => source.setMicrophone(on),
      setCamera: (on: boolean) => source.setCamera(on),
      retry: () => enabled && source.open(wanted),
    }),
    [source, wanted, enabled],
  );
  return useMemo(() => ({ ...state, ...actions }), [state, actions]);
}
