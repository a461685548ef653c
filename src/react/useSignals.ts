'use client';

import { useCallback, useSyncExternalStore } from 'react';
import type { Topics } from '../driver/index.js';
import { Listening } from './Listening.js';
import { SignalList, type Signals, type UseSignalsOptions } from './SignalList.js';
import { useTopics } from './SignalingProvider.js';
import { readTopics } from './Topics.js';
import { useKept } from './useKept.js';
import { useLatest } from './useLatest.js';
import { useStableValue } from './useStableValue.js';

/** What `useSignals` returns. */
export interface SignalsView<Value> extends Signals<Value> {
  /** Empties the list; what comes next is added. Stable. */
  readonly clear: () => void;
}

const NOTHING: Signals<never> = { signals: [], status: 'idle', error: undefined };
const getNothing = (): Signals<never> => NOTHING;
const subscribeToNothing = () => () => {};

/**
 * The latest signals on `topics`, as a list: with `since` from the past on, with `by` one for each
 * key. It renders at most ten times a second, a burst once or twice. `status` is `open` once the
 * past is there. Other topics or another `since` begin an empty list.
 *
 * A row is removed by what your application publishes for that, such as `{ id, deleted: true }`:
 * `signals.filter((row) => !row.deleted)`.
 *
 * @param topics Where to listen: a topic, a selector, or a list, which is one subscription on one
 *   stream; `null` is "not now". What is none of these is an `error` with code `usage`, and so is a
 *   `since` that is no id or a `last` below 1.
 * @throws {@link SignalingError} `usage` where there is no provider above.
 *
 * @example
 * ```tsx
 * const { signals } = useSignals<Row>(topic, { since: 'earliest', by: (row) => row.id });
 * ```
 */
export function useSignals<Value = unknown>(
  topics: Topics | null,
  options: UseSignalsOptions<Value> = {},
): SignalsView<Value> {
  const provider = useTopics('useSignals');
  const latest = useLatest(options);
  const stable = useStableValue(topics);
  const { since, last = 1, encoding = provider.defaults.current.encoding } = options;
  const isBounded = last >= 1;
  const store = useKept(() => {
    if (stable === null) return undefined;
    const wanted = readTopics(stable, 'useSignals', since, isBounded);
    return new SignalList<Value>(new Listening(provider, wanted, latest, since), latest);
  }, [provider, stable, since, isBounded, encoding, latest]);
  const list = useSyncExternalStore<Signals<Value>>(
    store?.subscribe ?? subscribeToNothing,
    store?.get ?? getNothing,
    getNothing,
  );
  const latestStore = useLatest(store);
  const clear = useCallback(() => latestStore.current?.clear(), [latestStore]);
  return { ...list, clear };
}
