'use client';

import { useEffect, useInsertionEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import type { SignalEvent, SignalingError } from '../driver/index.js';
import { LatestSignal, type Signal, type UseSignalOptions } from './LatestSignal.js';
import { readValue } from './schema.js';
import { useTopics } from './SignalingProvider.js';
import { useLatest } from './useLatest.js';

const NOTHING: Signal<never> = { data: undefined, status: 'idle', error: undefined };
const getNothing = (): Signal<never> => NOTHING;
const subscribeToNothing = () => () => {};

/**
 * Calls `handler` with every signal on `topic`, in order, without rendering.
 *
 * The handler may be written inline: the newest one is called, and nothing resubscribes. After the
 * component unmounts or `topic` changes it is not called for the old one again.
 *
 * @param topic Where to listen; `null` is "not now".
 * @throws {@link SignalingError} `usage` where no provider is above.
 */
export function useSignal<Value = unknown>(
  topic: string | null,
  handler: (signal: Value, event: SignalEvent) => void,
  options?: UseSignalOptions<Value>,
): void;
/**
 * The latest signal on `topic`, for showing. A component that must see every one gives a handler.
 *
 * @param topic Where to listen; `null` is "not now".
 * @throws {@link SignalingError} `usage` where no provider is above.
 */
export function useSignal<Value = unknown>(
  topic: string | null,
  options?: UseSignalOptions<Value>,
): Signal<Value>;
export function useSignal<Value>(
  topic: string | null,
  handlerOrOptions?: ((signal: Value, event: SignalEvent) => void) | UseSignalOptions<Value>,
  handlerOptions: UseSignalOptions<Value> = {},
): Signal<Value> | void {
  const topics = useTopics('useSignal');
  const handles = typeof handlerOrOptions === 'function';
  const handler = handles ? handlerOrOptions : undefined;
  const options = handles ? handlerOptions : (handlerOrOptions ?? handlerOptions);
  const latest = useLatest({ handler, ...options });

  // A commit ends what it takes away at once, but the effects of that end only later.
  const committed = useRef<string | null>(null);
  useInsertionEffect(() => {
    committed.current = topic;
    return () => {
      committed.current = null;
    };
  }, [topic]);

  useEffect(() => {
    if (!handles || topic === null) return;
    return topics.listen(topic, (data, event) => {
      if (committed.current !== topic) return;
      const { handler, onError = topics.report, ...valueOptions } = latest.current;
      let value: Value;
      try {
        value = readValue(data, topic, valueOptions);
      } catch (error) {
        return onError(error as SignalingError);
      }
      handler?.(value, event);
    });
  }, [topics, topic, handles, latest]);

  const store = useMemo(
    () => (handles || topic === null ? undefined : new LatestSignal<Value>(topics, topic, latest)),
    [topics, topic, handles, latest],
  );
  const signal = useSyncExternalStore<Signal<Value>>(
    store?.subscribe ?? subscribeToNothing,
    store?.get ?? getNothing,
    getNothing,
  );
  return handles ? undefined : signal;
}
