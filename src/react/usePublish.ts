'use client';

import { useCallback } from 'react';
import {
  json,
  SignalingError,
  type Bytes,
  type Codec,
  type Encoding,
  type PublishOptions,
} from '../driver/index.js';
import { assertTopic } from '../driver/topics.js';
import { useTopics } from './SignalingProvider.js';
import { useLatest } from './useLatest.js';

/** Options of {@link usePublish}. */
export interface UsePublishOptions<Value> {
  /** How values become bytes. Default: that of the provider, else `json`. */
  codec?: Codec<Value> | undefined;
  /** How the bytes travel. Default: that of the provider, else `base64`. */
  encoding?: Encoding | undefined;
}

/**
 * A function that publishes to `topic`. It stays the same while the topic does. What it was asked
 * goes out also when the component unmounts meanwhile.
 *
 * @param topic Where to publish; with `null` ("not now") publishing rejects.
 * @returns `publish(value, options?)`, which resolves when the hub has taken the update. It rejects
 *   with a {@link SignalingError} where the hub refuses it, with `timeout` after the time limit of
 *   the driver, and with `usage` where there is no topic or the codec cannot encode the value.
 * @throws {@link SignalingError} `usage` where there is no provider above.
 */
export function usePublish<Value = unknown>(
  topic: string | null,
  options: UsePublishOptions<Value> = {},
): (value: Value, options?: PublishOptions) => Promise<void> {
  const { driver, defaults } = useTopics('usePublish');
  const latest = useLatest(options);
  return useCallback(
    async (value: Value, publishOptions?: PublishOptions) => {
      if (topic === null) {
        throw new SignalingError('usage', 'usePublish has no topic to publish to yet: it is null.');
      }
      assertTopic(topic, 'usePublish');
      const { codec = defaults.current.codec ?? json, encoding = defaults.current.encoding } =
        latest.current;
      const data = encode(codec, value, topic);
      await driver.publish(topic, data, { encoding, ...publishOptions });
    },
    [driver, defaults, topic, latest],
  );
}

/** @internal */
export function encode<Value>(
  codec: Codec<Value>,
  value: Value,
  topic: string,
): Bytes | Promise<Bytes> {
  try {
    const encoded = codec.encode(value, topic);
    return encoded instanceof Promise ? encoded.catch(rethrow) : encoded;
  } catch (cause) {
    return rethrow(cause);
  }
}

function rethrow(cause: unknown): never {
  if (cause instanceof SignalingError) throw cause;
  throw new SignalingError('usage', 'The codec cannot encode this value. See the cause.', {
    cause,
  });
}
