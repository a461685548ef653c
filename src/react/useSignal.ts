'use client';

import { useEffect, useInsertionEffect, useRef, useSyncExternalStore } from 'react';
import type { SignalEvent, SignalHandler, Topics } from '../driver/index.js';
import { ValueReader } from '../driver/values.js';
import { LatestSignal, type Signal } from './LatestSignal.js';
import { given, Listening, type UseSignalOptions } from './Listening.js';
import { useTopics } from './SignalingProvider.js';
import { readTopics } from './Topics.js';
import { useKept } from './useKept.js';
import { useLatest } from './useLatest.js';
import { useStableValue } from './useStableValue.js';

const NOTHING: Signal<never> = { data: undefined, status: 'idle', error: undefined };
const getNothing = (): Signal<never> => NOTHING;
const subscribeToNothing = () => () => {};

/**
 * Calls `handler` with every signal on `topics`, in order, without rendering.
 *
 * With `since` the past comes first. The handler may be written inline, and so may a list of topics:
 * the newest handler is called, and nothing resubscribes. After the component unmounts or its topics
 * change it is not called for the old ones again.
 *
 * @param topics Where to listen: a topic, a selector, or a list, which is one subscription on one
 *   stream; `null` is "not now". What is none of these is an error with code `usage` in `onError`
 *   of the provider.
 * @throws {@link SignalingError} `usage` where there is no provider above.
 */
export function useSignal<Value = unknown>(
  topics: Topics | null,
  handler: (signal: Value, event: SignalEvent) => void,
  options?: UseSignalOptions<Value>,
): void;
/**
 * The latest signal on `topics`, for showing. A component that must see every one gives a handler.
 *
 * @param topics Where to listen: a topic, a selector, or a list, which is one subscription on one
 *   stream; `null` is "not now". What is none of these is an `error` with code `usage`.
 * @throws {@link SignalingError} `usage` where there is no provider above.
 */
export function useSignal<Value = unknown>(
  topics: Topics | null,
  options?: UseSignalOptions<Value>,
): Signal<Value>;
export function useSignal<Value>(
  givenTopics: Topics | null,
  handlerOrOptions?: ((signal: Value, event: SignalEvent) => void) | UseSignalOptions<Value>,
  handlerOptions: UseSignalOptions<Value> = {},
): Signal<Value> | void {
  const provider = useTopics('useSignal');
  const handles = typeof handlerOrOptions === 'function';
  const handler = handles ? handlerOrOptions : undefined;
  const options = handles ? handlerOptions : (handlerOrOptions ?? handlerOptions);
  const latest = useLatest({ handler, ...options });
  const topics = useStableValue(givenTopics);
  const { since, encoding = provider.defaults.current.encoding } = options;
  // Where an effect that runs again goes on.
  const position = useKept(() => ({ since }), [provider, topics, since]);

  // A commit ends what it takes away at once, but the effects of that end only later.
  const committed = useRef<Topics | null>(null);
  useInsertionEffect(() => {
    committed.current = topics;
    return () => {
      committed.current = null;
    };
  }, [topics]);

  useEffect(() => {
    if (!handles || topics === null) return;
    const wanted = readTopics(topics, 'useSignal', since);
    const reader = new ValueReader();
    const receive: SignalHandler = (bytes, event) => {
      if (committed.current !== topics) return;
      const { handler: _, ...valueOptions } = latest.current;
      const options = { ...provider.defaults.current, ...given(valueOptions) };
      reader.read<Value>(bytes, event.topic, wanted.name, options, (result) => {
        if (committed.current !== topics) return;
        if (since !== undefined) position.since = event.id ?? position.since;
        const { handler, onError = provider.report } = latest.current;
        if ('error' in result) onError(result.error);
        else handler?.(result.value, event);
      });
    };
    return provider.listen(wanted, encoding, receive, position.since);
  }, [provider, topics, handles, encoding, latest, since, position]);

  const store = useKept(
    () =>
      handles || topics === null
        ? undefined
        : new LatestSignal<Value>(
            new Listening(provider, readTopics(topics, 'useSignal', since), latest, since),
          ),
    [provider, topics, handles, encoding, latest, since],
  );
  const signal = useSyncExternalStore<Signal<Value>>(
    store?.subscribe ?? subscribeToNothing,
    store?.get ?? getNothing,
    getNothing,
  );
  return handles ? undefined : signal;
}
