import type { StreamEvent, Update } from '../../mercure/index.js';
import type { TopicState } from '../Driver.js';
import type { SignalingError } from '../SignalingError.js';
import type { TopicSet } from '../topics.js';

/**
 * The lower half of a driver: turns "these subscriptions are wanted" into their events, and sends
 * updates. It knows nothing of handlers. Subscriptions go by their {@link TopicSet.key}.
 */
export interface Connection {
  /** Serves these from now on, and no others. The map may change until the next call. */
  want(sets: ReadonlyMap<string, TopicSet>): void;
  /**
   * Sends an update once.
   *
   * @returns the id that the hub gave it, `''` where the hub does not say.
   * @throws {@link SignalingError}; `isRetryable` tells whether another attempt makes sense.
   */
  post(update: Update, options: { keepalive: boolean; signal: AbortSignal }): Promise<string>;
  /** Looks after what may have died unnoticed. `force`: opens everything anew. */
  wake(force: boolean): void;
  close(): void;
}

/** How the connection of a subscription is. */
export interface Link extends TopicState {
  readonly status: 'connecting' | 'open' | 'reconnecting';
  /** How many attempts in a row have failed. */
  readonly attempt: number;
  /** When the next attempt is due, in ms since the epoch. */
  readonly retryAt: number | undefined;
}

/** What a connection reports. Streams go by a number; the subscriptions of one share its cursor. */
export interface ConnectionOwner {
  /** An update has arrived for these subscriptions. */
  received(keys: Iterable<string>, event: StreamEvent, stream: number): void;
  /**
   * The link of these subscriptions is another one now, on this stream. One that begins behind
   * `since` is `open` once it has caught up; its owner then takes `since` away.
   */
  linked(keys: Iterable<string>, link: Link, stream: number): void;
  /** A stream goes on from here, without an event that says so. */
  moved(stream: number, cursor: string): void;
  /** The hub will not serve this subscription; it is not wanted any more. */
  refused(key: string, error: SignalingError): void;
  /** These subscriptions may have missed updates, from behind `lastEventId` on. */
  gap(keys: Iterable<string>, lastEventId: string | undefined): void;
  /** An error beside the ways above. */
  report(error: SignalingError): void;
}

export const CONNECTING: Link = {
  status: 'connecting',
  error: undefined,
  attempt: 0,
  retryAt: undefined,
};

export const OPEN: Link = { ...CONNECTING, status: 'open' };
