'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import {
  SignalingError,
  type Gap,
  type Encoding,
  type SignalEvent,
  type SignalHandler,
  type Status,
  type Topics,
} from '../driver/index.js';
import { namesOf, toTopicSet } from '../driver/topics.js';
import { ValueReader } from '../driver/values.js';
import { given } from '../react/Listening.js';
import { useTopics } from '../react/SignalingProvider.js';
import { readTopics, type HookTopics, type Topics as TopicsOfProvider } from '../react/Topics.js';
import { useLatest } from '../react/useLatest.js';
import { useStableValue } from '../react/useStableValue.js';
import { LiveQueries } from './LiveQueries.js';
import type { Follower, LiveQuery } from './LiveQuery.js';
import type { UseSignalQueryOptions } from './options.js';

/**
 * Keeps a query of [TanStack Query](https://tanstack.com/query) up to date with the signals on
 * `topics`, without rendering: `update` changes its cached data, or `invalidate` has it fetched again.
 *
 * What no signal can bring makes it invalid too: a gap, a signal that does not decode, and data that
 * was fetched before the topic was open and has no `since`. A fetch that is under way when a signal
 * comes does not undo it. Components that use it with the same topics and key apply each signal once, with the options of
 * the one that was there first.
 *
 * @param topics Where to listen: a topic, a selector, or a list; `null` is "not now".
 * @throws {@link SignalingError} `usage` where there is no provider above.
 *
 * @example
 * ```tsx
 * const books = useQuery({ queryKey: ['books'], queryFn: fetchBooks });
 * useSignalQuery('https://example.com/books/{id}', {
 *   queryKey: ['books'],
 *   update: (books: Book[], book: Book) => books.map((old) => (old.id === book.id ? book : old)),
 * });
 * ```
 */
export function useSignalQuery<Signal = unknown, Data = unknown>(
  topics: Topics | null,
  options: UseSignalQueryOptions<Signal, Data>,
): void {
  const provider = useTopics('useSignalQuery');
  const client = useQueryClient();
  const latest = useLatest(options);
  const stableTopics = useStableValue(topics);
  const queryKey = useStableValue(options.queryKey);
  const { encoding = provider.defaults.current.encoding } = options;
  useEffect(() => {
    if (stableTopics === null) return;
    const wanted = readTopics(stableTopics, 'useSignalQuery');
    if (wanted.error) return provider.listen(wanted, encoding, () => {});
    const queries = LiveQueries.of(client);
    const query = queries.hold(queryKey);
    const unfollow = query.follow(provider, `${wanted.key} ${encoding}`, latest, (followers) =>
      listen({ provider, wanted, encoding, query, followers }),
    );
    return () => {
      unfollow();
      queries.release(query);
    };
  }, [provider, client, stableTopics, queryKey, encoding, latest]);
}

interface ListenOptions {
  provider: TopicsOfProvider;
  wanted: HookTopics;
  encoding: Encoding | undefined;
  query: LiveQuery;
  followers: readonly Follower[];
}

/** Applies signals to a query. Returns the function that ends it. */
function listen({ provider, wanted, encoding, query, followers }: ListenOptions): () => void {
  const { driver } = provider;
  const { topics, name } = wanted;
  const { data } = query;
  const since = data === undefined ? undefined : followers[0]?.current.since?.(data);
  const report = (error: SignalingError): void =>
    (followers[0]?.current.onError ?? provider.report)(error);

  const receive = (
    signal: unknown,
    event: SignalEvent,
    { update, invalidate }: Follower['current'],
  ): void => {
    if (update) {
      query.apply({
        apply: (data) => update(data, signal, event),
        failed(cause) {
          report(updateThrew(name, cause));
          query.invalidate();
        },
      });
    } else if (invalidate === true || invalidate(signal, event)) query.invalidate();
  };

  const reader = new ValueReader();
  const read: SignalHandler = (bytes, event) => {
    const options = { ...provider.defaults.current, ...given(followers[0]!.current) };
    reader.read(bytes, event.topic, name, options, (result) => {
      const [follower] = followers;
      // The last one has left while this was decoded.
      if (!follower) return;
      const isMade = event.own && query.takeEcho(bytes, event);
      if (isMade && follower.current.update) return;
      if ('value' in result) return receive(result.value, event, follower.current);
      report(result.error);
      query.invalidate();
    });
  };

  const names = namesOf(toTopicSet(topics));
  const onGap = (gap: Gap): void => {
    if (gap.topics.some((topic) => names.includes(topic))) query.missed();
  };

  const look = (): Status => driver.stateOf(topics, read).status;
  // Whether what was published until now has come, or will.
  let hasAll = since !== undefined || look() === 'open';
  // Nobody has applied to this data what came so far. A fetch under way began with this component.
  if (since === undefined && hasAll && data !== undefined) query.invalidate();
  const unwatch = driver.watch(topics, () => {
    const status = look();
    const opens = status === 'open' && !hasAll;
    if (opens && (query.data !== undefined || query.isFetching)) query.invalidate();
    // A stream that is lost and found again misses nothing, or reports a gap.
    hasAll = status === 'open' || (hasAll && status !== 'closed');
  });

  const leave = provider.listen(wanted, encoding, read, since);
  driver.on('gap', onGap);
  return () => {
    leave();
    driver.off('gap', onGap);
    unwatch();
  };
}

function updateThrew(topic: string, cause: unknown): SignalingError {
  const message = `The update of a query with a signal on "${topic}" threw. See the cause.`;
  return new SignalingError('handler', message, { cause, topic });
}
