'use client';

import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import type { SignalingError } from '../driver/index.js';
import { Presence, type PresenceOptions, type PresenceState } from '../presence/index.js';
import { useTopics } from './SignalingProvider.js';
import { useLatest } from './useLatest.js';
import { useStableValue } from './useStableValue.js';

/** Options of {@link usePresence}. They may be written inline; make a `codec` outside of components. */
export interface UsePresenceOptions<Data> extends Omit<
  PresenceOptions<Data>,
  'driver' | 'topic' | 'me'
> {}

/** What {@link usePresence} returns. */
export interface PresenceView<Data> extends PresenceState<Data> {
  /**
   * Changes one's own data; the rest of it stays. Others see it after at most 100 ms; of several
   * changes meanwhile, the last. Where one only watches, nothing happens. Throws `SignalingError`
   * `usage` where the data would be too large.
   */
  readonly update: (patch: Partial<Data>) => void;
}

const OUTSIDE: PresenceState<never> = {
  self: undefined,
  others: [],
  status: 'idle',
  error: undefined,
};
const getOutside = (): PresenceState<never> => OUTSIDE;

/**
 * Who else is on a topic, and what they tell about themselves. This page is there while the
 * component is mounted, is closed with a bye, and is gone after one and a half beats where it cannot
 * say one.
 *
 * @param topic Where they meet: one that carries no other signals, such as `${room}/presence`; one of
 *   `useTyping` may be the same. `null` is "not now".
 * @param me What the others see, an object of at most 4,096 bytes of JSON; new values are told to
 *   them. `null` only watches.
 * @throws `SignalingError` `usage` where there is no provider above.
 *
 * @example
 * ```tsx
 * const { others, update } = usePresence(`${room}/presence`, { name: 'Ada', cursor: null });
 * ```
 */
export function usePresence<Data extends object>(
  topic: string | null,
  me: Data | null,
  options: UsePresenceOptions<Data> = {},
): PresenceView<Data> {
  const { driver, defaults, report } = useTopics('usePresence');
  const latest = useLatest(options);
  const data = useStableValue(me);
  const isMember = data !== null;
  const { beat, private: isPrivate, encoding } = options;
  const presence = useMemo(
    () =>
      topic === null
        ? undefined
        : new Presence<Data>({
            driver,
            topic,
            me: data,
            beat,
            private: isPrivate,
            encoding: encoding ?? defaults.current.encoding,
            get codec() {
              return latest.current.codec ?? defaults.current.codec;
            },
            get schema() {
              return latest.current.schema;
            },
            get by() {
              return latest.current.by;
            },
          }),
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- not for new `data`: a member that changes stays, and the effect below announces it
    [driver, defaults, latest, topic, isMember, beat, isPrivate, encoding],
  );

  useEffect(() => {
    if (!presence) return;
    presence.join();
    return () => presence.leave();
  }, [presence]);
  useEffect(() => {
    if (!presence || data === null) return;
    try {
      presence.patch(data);
      // Where the data was none before, it has not joined.
      presence.join();
    } catch (error) {
      report(error as SignalingError);
    }
  }, [presence, data, report]);

  const subscribe = useCallback(
    (listener: () => void) => presence?.onChange(listener) ?? (() => {}),
    [presence],
  );
  const state = useSyncExternalStore<PresenceState<Data>>(
    subscribe,
    () => presence?.state ?? OUTSIDE,
    getOutside,
  );
  const update = useCallback((patch: Partial<Data>) => presence?.patch(patch), [presence]);
  return useMemo(() => ({ ...state, update }), [state, update]);
}
