'use client';

import {
  useMutation,
  useQueryClient,
  type UseMutationOptions,
  type UseMutationResult,
} from '@tanstack/react-query';
import { json, SignalingError, type PublishOptions } from '../driver/index.js';
import { assertTopic } from '../driver/topics.js';
import { useTopics } from '../react/SignalingProvider.js';
import { encode, type UsePublishOptions } from '../react/usePublish.js';
import { LiveQueries } from './LiveQueries.js';
import type { LiveQuery, OwnChange } from './LiveQuery.js';
import type { SignalQueryKey } from './options.js';

/**
 * Options of {@link useOptimisticPublish}. They may be written inline. All of `useMutation` that are
 * not about its function may be given too, such as `onError`.
 */
export interface UseOptimisticPublishOptions<Value, Data>
  extends
    UsePublishOptions<Value>,
    Pick<PublishOptions, 'type' | 'private'>,
    Omit<
      UseMutationOptions<void, SignalingError, Value>,
      'mutationFn' | 'networkMode' | 'retry' | 'retryDelay'
    > {
  /** The query whose data is changed at once. */
  queryKey: SignalQueryKey<Data>;
  /**
   * Returns the data with this value, as `update` of `useSignalQuery` would: a new object, or
   * nothing where nothing changes. It is called again when the data below it changes, and only where
   * there is data.
   */
  update: (data: Data, value: Value) => Data | undefined;
}

/**
 * Publishes to `topic`, and shows it in the cached data of a query at once. It returns what
 * `useMutation` returns: `mutate(value)`, `mutateAsync(value)`, `isPending`, `error` …
 *
 * Where the hub refuses the signal, or has not taken it in time, the change is taken back. Others that
 * came in the meantime stay, be they published here or heard from the hub. When the own signal comes
 * back, `useSignalQuery` on the same query does not apply it again; on a hub that does not keep ids it
 * cannot tell (`event.own`), so there `update` has to replace by id. The driver waits for the network
 * and tries again, so nothing is paused offline.
 *
 * @param topic Where to publish; with `null` ("not now") publishing is an error.
 * @returns The mutation. Its `error` is a {@link SignalingError}: as of `usePublish`, and `handler`
 *   where `update` threw, in which case nothing is published.
 * @throws {@link SignalingError} `usage` where there is no provider above.
 *
 * @example
 * ```tsx
 * const { mutate } = useOptimisticPublish(topic, {
 *   queryKey: ['messages'],
 *   update: (messages: Message[], message: Message) => [...messages, message],
 * });
 * ```
 */
export function useOptimisticPublish<Value = unknown, Data = unknown>(
  topic: string | null,
  {
    queryKey,
    update,
    codec,
    encoding,
    type,
    private: isPrivate,
    ...options
  }: UseOptimisticPublishOptions<Value, Data>,
): UseMutationResult<void, SignalingError, Value> {
  const { driver, defaults, report } = useTopics('useOptimisticPublish');
  const client = useQueryClient();

  const publish = async (value: Value): Promise<void> => {
    if (topic === null) {
      const message = 'useOptimisticPublish has no topic to publish to yet: it is null.';
      throw new SignalingError('usage', message);
    }
    assertTopic(topic, 'useOptimisticPublish');
    const data = encode(codec ?? defaults.current.codec ?? json, value, topic);
    const change: OwnChange = {
      topic,
      bytes: undefined,
      apply: (data) => update(data as Data, value),
      failed: (cause) => report(updateThrew(topic, cause)),
    };
    if (data instanceof Promise) data.then((bytes) => (change.bytes = bytes)).catch(() => {});
    else change.bytes = data;

    const queries = LiveQueries.of(client);
    const query = queries.hold(queryKey);
    try {
      show(query, change);
      const how = { encoding: encoding ?? defaults.current.encoding, type, private: isPrivate };
      await driver.publish(topic, data, how);
      query.taken(change);
    } catch (error) {
      query.refused(change);
      throw error;
    } finally {
      queries.release(query);
    }
  };

  return useMutation({ ...options, networkMode: 'always', mutationFn: publish });
}

function show(query: LiveQuery, change: OwnChange): void {
  try {
    query.begin(change);
  } catch (cause) {
    throw updateThrew(change.topic, cause);
  }
}

function updateThrew(topic: string, cause: unknown): SignalingError {
  const message = `The optimistic update for a signal on "${topic}" threw. See the cause.`;
  return new SignalingError('handler', message, { cause, topic });
}
