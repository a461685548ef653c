'use client';

import { useMemo, useSyncExternalStore } from 'react';
import { IDLE } from '../driver/ConnectionDriver.js';
import type { Connection, Driver } from '../driver/index.js';
import { useTopics } from './SignalingProvider.js';

/** What {@link useConnection} returns. */
export interface ConnectionView extends Connection {
  /** Opens every stream anew, with fresh credentials, also those that the hub had refused. */
  readonly reconnect: () => void;
}

/**
 * The state of the driver, for showing. A component that does not read `queued` does not render for
 * it.
 *
 * @throws {@link SignalingError} `usage` where there is no provider above.
 */
export function useConnection(): ConnectionView {
  const { driver } = useTopics('useConnection');
  const store = useMemo(() => createStore(driver), [driver]);
  // A server shows `idle`, and so does a page until it is hydrated.
  return useSyncExternalStore(store.subscribe, store.get, store.getIdle);
}

function createStore(driver: Driver) {
  let showsQueued = false;
  let connection = driver.connection;
  const reconnect = (): void => driver.reconnect();

  const toView = ({ status, error, attempt, retryAt }: Connection, queued: () => number) => ({
    status,
    error,
    attempt,
    retryAt,
    get queued() {
      showsQueued = true;
      return queued();
    },
    reconnect,
  });
  const toCurrentView = (): ConnectionView => toView(connection, () => driver.connection.queued);
  const idle = toView(IDLE, () => 0);
  let view = toCurrentView();

  return {
    subscribe: (listener: () => void) => {
      driver.on('connection', listener);
      return () => driver.off('connection', listener);
    },
    get: () => {
      const last = connection;
      connection = driver.connection;
      const { status, error, attempt, retryAt, queued } = connection;
      const isSame =
        status === last.status &&
        error === last.error &&
        attempt === last.attempt &&
        retryAt === last.retryAt &&
        (queued === last.queued || !showsQueued);
      if (!isSame) view = toCurrentView();
      return view;
    },
    getIdle: () => idle,
  };
}
