import type { SignalingError } from './SignalingError.js';

/** What is published: bytes, in a `Uint8Array` or as plain numbers. */
export type Bytes = Uint8Array | readonly number[];

/** What a handler learns about a signal beside its bytes. */
export interface SignalEvent {
  /** The topic it was published to. */
  topic: string;
  /** The id of its update; `undefined` where the hub knows none. */
  id: string | undefined;
  /** The type its publisher gave it. Default: `message`. */
  type: string;
  /** Whether this driver published it. Always `false` on a hub that does not keep ids. */
  own: boolean;
}

/** Gets every signal of its topic, in order. */
export type SignalHandler = (data: Uint8Array<ArrayBuffer>, event: SignalEvent) => void;

/**
 * - `idle`: nobody listens, so nothing is open.
 * - `connecting`: the first stream is being opened.
 * - `open`: signals arrive.
 * - `reconnecting`: a stream was lost and is tried again.
 * - `closed`: given up, see `error`; or destroyed.
 */
export type ConnectionStatus = 'idle' | 'connecting' | 'open' | 'reconnecting' | 'closed';

/** How a driver and its hub stand. A snapshot: a change makes a new one. */
export interface Connection {
  readonly status: ConnectionStatus;
  /** Why it is not open; `undefined` once it is. */
  readonly error: SignalingError | undefined;
  /** How many attempts in a row have failed. */
  readonly attempt: number;
  /** When the next attempt is due, in ms since the epoch; `undefined` where none is planned. */
  readonly retryAt: number | undefined;
  /** How many publishes the hub has not taken yet. */
  readonly queued: number;
}

/** What a hub could not give back. */
export interface Gap {
  /** The topics that may have missed something. */
  readonly topics: readonly string[];
  /** The last id known before the gap, where there is one. */
  readonly lastEventId: string | undefined;
  /** How many signals are missing, where the ids tell: at most, for one may never have been taken. */
  readonly missed: number | undefined;
}

/** Options of one publish. */
export interface PublishOptions {
  /** Subscribers see it as `event.type`. Default: `message`. */
  type?: string;
  /** Only for subscribers whose token covers the topic (Mercure, "Authorization"). Default: `false`. */
  private?: boolean;
  /**
   * Goes out at once, ahead of the queue, and outlives the page, for what is said while leaving
   * it. The browser limits it to 64 KiB. Default: `false`.
   */
  keepalive?: boolean;
}

/** What a driver tells whoever listens with {@link Driver.on}. */
export interface DriverEvents {
  /** Signals can arrive. */
  active: [];
  /** Signals can no longer arrive. */
  inactive: [];
  /** How it stands has changed. */
  connection: [connection: Connection];
  /** What went wrong and was rejected to nobody. */
  error: [error: SignalingError];
  /** Signals were lost that the hub cannot give back. */
  gap: [gap: Gap];
  /** Somebody subscribes. */
  subscribe: [topic: string, handler: SignalHandler];
  /** Somebody unsubscribes. */
  unsubscribe: [topic: string, handler: SignalHandler | undefined];
  /** Somebody publishes. */
  publish: [topic: string, data: Bytes];
}

/** Listens to an event of a driver. */
export type DriverListener<E extends keyof DriverEvents> = (...args: DriverEvents[E]) => void;

/**
 * What carries signals. The hooks and calls need no more than this, so whoever has another
 * transport can write a driver for it.
 */
export interface Driver {
  /** Whether signals can arrive now: the connection is `open`. */
  readonly active: boolean;
  readonly connection: Connection;
  /**
   * Calls `handler` with every signal on `topic` from now on.
   *
   * @returns a promise that resolves when the hub has accepted the subscription and rejects with a
   *   {@link SignalingError} where it is refused, cancelled or destroyed; the handler is then gone.
   */
  subscribe(topic: string, handler: SignalHandler): Promise<void>;
  /** Calls `handler` no more; without one, nobody on `topic`. */
  unsubscribe(topic: string, handler?: SignalHandler): Promise<void>;
  /**
   * Publishes to `topic`. Signals on one topic arrive in the order of their publishing.
   *
   * @returns a promise that resolves when the hub has taken the update, and rejects with a
   *   {@link SignalingError} where it will not.
   */
  publish(topic: string, data: Bytes, options?: PublishOptions): Promise<void>;
  /** Tries again at once, also after a final error. */
  reconnect(): void;
  on<E extends keyof DriverEvents>(event: E, listener: DriverListener<E>): void;
  off<E extends keyof DriverEvents>(event: E, listener: DriverListener<E>): void;
  /** Ends everything: what pends rejects, and no socket and no timer is left. */
  destroy(): void;
}
