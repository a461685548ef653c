'use client';

import { useCallback, useMemo, useSyncExternalStore } from 'react';
import type { Connection } from '../driver/index.js';
import { useTopics } from './SignalingProvider.js';

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
  const getConnection = () => driver.connection;
  const connection = useSyncExternalStore(subscribe, getConnection, getConnection);
  return useMemo(
    () => ({ ...connection, reconnect: () => topics.reconnect() }),
    [connection, topics],
  );
}
