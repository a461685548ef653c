'use client';

import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import { Call, type CallOptions, type CallState } from '../../call/index.js';
import { useDriver } from '../SignalingProvider.js';
import { useStableValue } from '../useStableValue.js';
import type { CallView } from './CallView.js';

/** Options of {@link useCall}. */
export interface UseCallOptions extends Omit<CallOptions, 'driver' | 'room'> {
  /** The topic of the room; another one leaves and joins there. `null`: not now. */
  room: string | null;
}

const OUTSIDE: CallState = { id: undefined, status: 'joining', peers: [], error: undefined };

/**
 * Joins a room while it is mounted, and shows who else is there.
 *
 * A new `name`, `media`, `data` or `rtc` is used from then on without leaving. Another `room` joins
 * there, and so does another `secret`, `maxPeers`, `private` or `grace`. All of them may be written
 * inline.
 *
 * @throws `SignalingError` `usage` where there is no provider, or `room` is no topic.
 *
 * @example
 * ```tsx
 * const media = useLocalMedia();
 * const { peers } = useCall({ room: 'https://example.com/rooms/1', name: 'Ada', media });
 * ```
 */
export function useCall(options: UseCallOptions): CallView {
  const { room, name = '', media = null, data, rtc } = options;
  const { secret, budget, maxPeers, private: isPrivate, grace } = options;
  const driver = useDriver();
  const stableData = useStableValue(data);
  const call = useMemo(
    () =>
      room === null
        ? undefined
        : new Call({ driver, room, secret, maxPeers, private: isPrivate, grace }),
    [driver, room, secret, maxPeers, isPrivate, grace],
  );

  // Before joining, so that the first offer or answer has them.
  useEffect(() => call?.setRtc(rtc), [call, rtc]);
  useEffect(() => call?.setName(name), [call, name]);
  useEffect(() => call?.setData(stableData), [call, stableData]);
  useEffect(() => call?.setMedia(media), [call, media]);
  useEffect(() => call?.setBudget(budget), [call, budget]);
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
  const actions = useMemo(() => actionsOf(call), [call]);
  return useMemo(
    () => ({ ...state, ...actions, status: call ? state.status : 'idle' }),
    [call, state, actions],
  );
}

type Actions = Omit<CallView, keyof CallState>;

function actionsOf(call: Call | undefined): Actions {
  return {
    leave: () => call?.leave(),
    rejoin: () => {
      call?.leave();
      call?.join();
    },
    setData: (data) => call?.setData(data),
    connection: (peerId) => call?.connection(peerId),
    send: (channel, body, options) => call?.send(channel, body, options),
    onMessage: (channel, listener) => call?.onMessage(channel, listener) ?? noop,
  };
}

function noop(): void {}
