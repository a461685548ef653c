'use client';

import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { IDLE } from '../driver/idle.js';
import type { Connection } from '../driver/index.js';
import { useTopics } from './SignalingProvider.js';

/** What a server shows, and so a page until it is hydrated, however its driver stands by then. */
/**
 * How the driver and its hub stand, for showing: `status`, `error`, `attempt`, `retryAt`, `queued`;
 * and `reconnect()`, which tries again at once, also after a final error.
 *
 * @throws {@link SignalingError} `usage` where no provider is above.
 */
export function useConnection(): Connection & { reconnect: () => void } {
  const topics = useTopics('useConnection');
  const { driver } = topics;
  const subscribe = useCallback(
    (listener: () => void) => {
      driver.on('connection', listener);
      return () => driver.off('connection', listener);
    },
    [driver],
  );
  const connection = useSyncExternalStore(
    subscribe,
    () => driver.connection,
    () => IDLE,
  );
  return useMemo(
    () => ({ ...connection, reconnect: () => topics.reconnect() }),
    [connection, topics],
  );
}
