'use client';

import { useCallback } from 'react';
import { json, SignalingError, type Codec, type PublishOptions } from '../driver/index.js';
import { useTopics } from './SignalingProvider.js';
import { useLatest } from './useLatest.js';

/**
 * A function that publishes to `topic`. It stays the same while the topic does, and what it was
 * asked goes out also when the component unmounts meanwhile.
 *
 * @param topic Where to publish; with `null` ("not now") publishing rejects.
 * @param options `codec`: how values become bytes. Default: `json`.
 * @returns `publish(value, options?)`: resolves when the hub has taken the update, rejects with a
 *   {@link SignalingError} where it will not, or after the `timeout` of the driver.
 * @throws {@link SignalingError} `usage` where no provider is above.
 */
export function usePublish<Value = unknown>(
  topic: string | null,
  options: { codec?: Codec<Value> | undefined } = {},
): (value: Value, options?: PublishOptions) => Promise<void> {
  const { driver } = useTopics('usePublish');
  const latest = useLatest(options);
  return useCallback(
    async (value: Value, publishOptions?: PublishOptions) => {
      if (topic === null) {
        throw new SignalingError('usage', 'There is no topic to publish to yet: it is null.');
      }
      const { codec = json } = latest.current;
      await driver.publish(topic, codec.encode(value), publishOptions);
    },
    [driver, topic, latest],
  );
}
