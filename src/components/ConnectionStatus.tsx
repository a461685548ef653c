'use client';

import {
  forwardRef,
  useCallback,
  useSyncExternalStore,
  type ComponentPropsWithoutRef,
} from 'react';
import { useConnection } from '../react/useConnection.js';
import { className } from './className.js';
import { errorText } from './errorText.js';
import { withLabels, type CallLabels } from './labels.js';

/** Props of {@link ConnectionStatus}, beside the attributes of a `<div>`. */
export interface ConnectionStatusProps extends Omit<ComponentPropsWithoutRef<'div'>, 'children'> {
  /** Texts to replace. Default: English. */
  labels?: Partial<CallLabels> | undefined;
}

/** The state of the connection to the hub, for people: why it is lost, when it is tried again. */
export const ConnectionStatus = forwardRef<HTMLDivElement, ConnectionStatusProps>(
  function ConnectionStatus({ labels, className: added, ...attributes }, ref) {
    const text = withLabels(labels);
    const { status, error, retryAt, queued, reconnect } = useConnection();
    const seconds = useSecondsUntil(retryAt);
    return (
      <div {...attributes} ref={ref} className={className('rs-status', added)} data-status={status}>
        <div role="status">
          <strong>{text[status]}</strong>
          {error && <p>{errorText(error, text)}</p>}
        </div>
        {/* Outside the live region: a screen reader would read it every second. */}
        {seconds !== undefined && <span role="timer">{text.nextAttempt(seconds)}</span>}
        {queued > 0 && <span>{text.waiting(queued)}</span>}
        {(status === 'reconnecting' || status === 'closed') && (
          <button type="button" className="rs-button" onClick={reconnect}>
            {text.reconnect}
          </button>
        )}
      </div>
    );
  },
);

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
