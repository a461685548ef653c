'use client';

import { useCallback, useSyncExternalStore, type ComponentPropsWithoutRef } from 'react';
import type { ConnectionStatus as Status } from '../driver/index.js';
import { useConnection } from '../react/useConnection.js';
import { className } from './className.js';

/** What {@link ConnectionStatus} takes: the attributes of a `<div>`. */
export type ConnectionStatusProps = Omit<ComponentPropsWithoutRef<'div'>, 'children'>;

const WORDS: Record<Status, string> = {
  idle: 'Not connected',
  connecting: 'Connecting…',
  open: 'Connected',
  reconnecting: 'Reconnecting…',
  closed: 'Disconnected',
};

/** How the hub stands: in a word, why, what is planned, and a button that tries at once. */
export function ConnectionStatus({ className: added, ...attributes }: ConnectionStatusProps) {
  const { status, error, attempt, retryAt, queued, reconnect } = useConnection();
  const seconds = useSecondsUntil(retryAt);
  return (
    <div {...attributes} className={className('rs-status', added)} data-status={status}>
      <div role="status">
        <strong>{WORDS[status]}</strong>
        {error && <p>{error.message}</p>}
      </div>
      {/* Outside the live region: nobody wants to be told every second. */}
      {seconds !== undefined && (
        <span role="timer">
          {attempt > 1 && `Attempt ${attempt} failed. `}
          {seconds > 0 ? `Next attempt in ${seconds} s` : 'Trying now…'}
        </span>
      )}
      {queued > 0 && (
        <span>{queued === 1 ? '1 signal waits' : `${queued} signals wait`} to be sent</span>
      )}
      {(status === 'reconnecting' || status === 'closed') && (
        <button type="button" className="rs-button" onClick={reconnect}>
          Reconnect now
        </button>
      )}
    </div>
  );
}

/** Whole seconds until a time in ms since the epoch, counted down. */
function useSecondsUntil(time: number | undefined): number | undefined {
  const subscribe = useCallback(
    (onTick: () => void) => {
      const timer = time === undefined ? undefined : setInterval(onTick, 250);
      return () => clearInterval(timer);
    },
    [time],
  );
  const seconds = () =>
    time === undefined ? undefined : Math.max(0, Math.ceil((time - Date.now()) / 1000));
  return useSyncExternalStore(subscribe, seconds, () => undefined);
}
