'use client';

import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import { Typing, type TypingOptions, type TypingState } from '../presence/index.js';
import { useTopics } from './SignalingProvider.js';
import { useLatest } from './useLatest.js';

/** Options of {@link useTyping}. They may be written inline; make a `codec` outside of components. */
export interface UseTypingOptions extends Omit<TypingOptions<object>, 'driver' | 'topic' | 'me'> {}

/** What {@link useTyping} returns. */
export interface TypingView<Data> extends TypingState<Data> {
  /**
   * This member types: call it for every key. It is published when they begin, and again every three
   * seconds; it ends by itself six seconds after the last one. Throws `SignalingError` `usage` where
   * `me` is too large.
   */
  readonly notify: () => void;
  /** This member has sent its message, or cleared it. */
  readonly stop: () => void;
}

const NOBODY: TypingState<never> = { typing: [] };
const getNobody = (): TypingState<never> => NOBODY;

/**
 * Who else is typing on a topic.
 *
 * @param topic Where they meet: one that carries no other signals, such as `${room}/typing`; one of
 *   `usePresence` may be the same. `null` is "not now".
 * @param me What the others see of who types, an object of at most 4,096 bytes of JSON. `null` only
 *   watches.
 * @throws `SignalingError` `usage` where there is no provider above.
 *
 * @example
 * ```tsx
 * const { typing, notify, stop } = useTyping(`${room}/typing`, { name: 'Ada' });
 * ```
 */
export function useTyping<Data extends object>(
  topic: string | null,
  me: Data | null,
  options: UseTypingOptions = {},
): TypingView<Data> {
  const { driver, defaults } = useTopics('useTyping');
  const latest = useLatest({ ...options, me });
  const { private: isPrivate, encoding } = options;
  const typing = useMemo(
    () =>
      topic === null
        ? undefined
        : new Typing<Data>({
            driver,
            topic,
            private: isPrivate,
            encoding: encoding ?? defaults.current.encoding,
            get me() {
              return latest.current.me;
            },
            get codec() {
              return latest.current.codec ?? defaults.current.codec;
            },
          }),
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- not for new `me` or `codec`: both are read from `latest` when they are needed
    [driver, defaults, topic, isPrivate, encoding],
  );

  useEffect(() => {
    if (!typing) return;
    typing.open();
    return () => typing.close();
  }, [typing]);

  const subscribe = useCallback(
    (listener: () => void) => typing?.onChange(listener) ?? (() => {}),
    [typing],
  );
  const state = useSyncExternalStore<TypingState<Data>>(
    subscribe,
    () => typing?.state ?? NOBODY,
    getNobody,
  );
  const notify = useCallback(() => typing?.notify(), [typing]);
  const stop = useCallback(() => typing?.stop(), [typing]);
  return useMemo(() => ({ ...state, notify, stop }), [state, notify, stop]);
}
