'use client';

import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import { Call, type CallOptions, type CallState } from '../call/index.js';
import type { Peer } from '../call/index.js';
import type { SignalingError } from '../driver/index.js';
import { useDriver } from './SignalingProvider.js';
import { useStableValue } from './useStableValue.js';

/** Options of {@link useCall}. */
export interface UseCallOptions extends Omit<CallOptions, 'driver' | 'room'> {
  /** The topic of the room; another one leaves and joins there. `null`: not now. */
  room: string | null;
}

/** What {@link useCall} says. */
export interface CallView {
  /** As in {@link CallState}; `idle` where the room is `null`. */
  readonly status: 'idle' | CallState['status'];
  /** Who else is in the room, in order of arrival. */
  readonly peers: readonly Peer[];
  /** What went wrong last. */
  readonly error: SignalingError | undefined;
  /** Leaves and joins anew, also after an error. */
  readonly rejoin: () => void;
}

const OUTSIDE: CallState = { status: 'joining', peers: [], error: undefined };

/**
 * Is in the room while it is mounted, and says who else is.
 *
 * A new `name` or `stream` is told to the others without leaving. Another `room` joins there, and
 * so does an `rtc` or `grace` of other content: `rtc` is compared by its JSON, so it may be written
 * inline (of `certificates` JSON tells nothing; give the component another `key` to change them).
 *
 * @throws {@link SignalingError} `usage` where there is no provider.
 *
 * @example
 * ```tsx
 * const { stream } = useLocalMedia();
 * const { peers } = useCall({ room: 'https://example.com/rooms/1', name: 'Ada', stream });
 * ```
 */
export function useCall({ room, name = '', stream = null, rtc, grace }: UseCallOptions): CallView {
  const driver = useDriver();
  const stableRtc = useStableValue(rtc);
  const call = useMemo(
    () => (room === null ? undefined : new Call({ driver, room, rtc: stableRtc, grace })),
    [driver, room, stableRtc, grace],
  );

  // Before joining, so that the first offer or answer has them.
  useEffect(() => call?.setName(name), [call, name]);
  useEffect(() => call?.setStream(stream), [call, stream]);
  useEffect(() => {
    call?.join();
    return () => call?.leave();
  }, [call]);

  const subscribe = useCallback((listener: () => void) => call?.onChange(listener) ?? noop, [call]);
  const state = useSyncExternalStore(
    subscribe,
    () => call?.state ?? OUTSIDE,
    () => OUTSIDE,
  );
  return useMemo(() => {
    const rejoin = (): void => {
      call?.leave();
      call?.join();
    };
    return { ...state, status: call ? state.status : 'idle', rejoin };
  }, [call, state]);
}

function noop(): void {}
