import type { ByteArray } from '../mercure/index.js';
import type { SignalingError } from './SignalingError.js';
import type { Topics } from './topics.js';

/** What is published: bytes, in a `Uint8Array` or as plain numbers. */
export type Bytes = Uint8Array | readonly number[];

/**
 * How bytes travel in the `data` of an update. `base64` is what Peerix peers speak; `text` (UTF-8)
 * is what a backend posts that writes JSON as it is.
 */
export type Encoding = 'base64' | 'text';

/** What a handler learns about a signal beside its bytes. */
export interface SignalEvent {
  /**
   * The topic it was published to. `undefined` where a subscription has several topics or a
   * selector, and the hub does not name the topic of its updates.
   */
  topic: string | undefined;
  /** The id of the update; `undefined` where the hub gave none. */
  id: string | undefined;
  /** The type that its publisher gave it. Default: `message`. */
  type: string;
  /** Whether this driver published it. Always `false` on a hub that does not keep ids. */
  own: boolean;
  /**
   * Whether it is older than its subscription: one of those that `since` asked for. Exact where the
   * hub marks the end of its replay, as the embedded one does. Elsewhere the past ends with the
   * first pause of half a second, or after ten seconds.
   */
  past: boolean;
}

/**
 * Called with every signal of a subscription, in order. What it throws, and what a promise it
 * returns rejects with, is emitted as an `error` with code `handler`.
 */
export type SignalHandler = (data: ByteArray, event: SignalEvent) => unknown;

/**
 * - `idle`: nobody listens, so nothing is open.
 * - `connecting`: the first stream is being opened.
 * - `open`: signals arrive.
 * - `reconnecting`: a stream was lost and is tried again.
 * - `closed`: refused for good, see `error`; or the driver is destroyed.
 */
export type Status = 'idle' | 'connecting' | 'open' | 'reconnecting' | 'closed';

/** The state of one subscription. A snapshot: a change makes a new one. */
export interface TopicState {
  /** Whether signals arrive, and if not, why. */
  readonly status: Status;
  /** Why it is not open; `undefined` once it is. */
  readonly error: SignalingError | undefined;
}

/** The state of a driver as a whole. A snapshot: a change makes a new one. */
export interface Connection extends TopicState {
  /** How many attempts in a row have failed. */
  readonly attempt: number;
  /** When the next attempt is due, in ms since the epoch; `undefined` where none is planned. */
  readonly retryAt: number | undefined;
  /** How many publishes the hub has not taken yet. */
  readonly queued: number;
}

/** Signals that the hub could not give back. */
export interface Gap {
  /** The topics that may have missed something. */
  readonly topics: readonly string[];
  /** The last id known before the gap, where there is one. */
  readonly lastEventId: string | undefined;
  /**
   * How many signals are missing, where their ids tell. An upper bound: the hub may never have
   * taken one of them.
   */
  readonly missed: number | undefined;
}

/** Options of one subscription. */
export interface SubscribeOptions {
  /**
   * Where it begins: behind the update with this id, or with `'earliest'`, all that the hub
   * remembers (Mercure, "Reconciliation"). These signals come first, with `event.past`. Where the hub
   * does not know the id, a `gap` says so; across origins that takes a hub that exposes its
   * `Last-Event-ID` header. Default: now.
   */
  since?: 'earliest' | (string & {}) | undefined;
  /** Default: the `encoding` of the driver. */
  encoding?: Encoding | undefined;
}

/** Options of one publish. */
export interface PublishOptions {
  /** Subscribers see it as `event.type`. Default: `message`. */
  type?: string;
  /** Only for subscribers whose token covers the topic (Mercure, "Authorization"). Default: `false`. */
  private?: boolean;
  /**
   * Sends at once, ahead of the queue, and outlives the page: for what is said while leaving it.
   * Browsers allow 64 KiB for this; what is larger is sent as usual. Default: `false`.
   */
  keepalive?: boolean;
  /** Default: the `encoding` of the driver. */
  encoding?: Encoding | undefined;
}

/** The events of {@link Driver.on}. */
export interface DriverEvents {
  /** Signals can arrive. */
  active: [];
  /** Signals can no longer arrive. */
  inactive: [];
  /** The state of the driver has changed. */
  connection: [connection: Connection];
  /** An error that no promise reported. */
  error: [error: SignalingError];
  /** Signals were lost that the hub cannot give back. */
  gap: [gap: Gap];
  /** `subscribe()` was called. */
  subscribe: [topics: Topics, handler: SignalHandler];
  /** `unsubscribe()` was called. */
  unsubscribe: [topics: Topics, handler: SignalHandler | undefined];
  /** `publish()` was called. */
  publish: [topic: string, data: Bytes | Promise<Bytes>];
}

/** A listener of one event of a driver. */
export type DriverListener<E extends keyof DriverEvents> = (...args: DriverEvents[E]) => void;

/**
 * Carries signals. The hooks and calls need no more than this, so another transport can be used by
 * writing a driver for it.
 */
export interface Driver {
  /** Whether signals can arrive now: `connection.status` is `open`. */
  readonly active: boolean;
  /** The state of the driver as a whole. */
  readonly connection: Connection;
  /**
   * Calls `handler` with every signal on `topics` from now on, or from `since` on. A list of topics
   * is one subscription, on one stream. A handler that is subscribed already stays as it is.
   *
   * @returns a promise that resolves when the hub has accepted the subscription, and has sent what
   *   `since` asks for. It rejects with a {@link SignalingError}: `usage` where the topics or `since`
   *   are none; `cancelled` or `destroyed` where it ended before that; otherwise the hub refuses it,
   *   and the handler stays: `reconnect()` and a further `subscribe()` try again, `unsubscribe()`
   *   gives up.
   */
  subscribe(topics: Topics, handler: SignalHandler, options?: SubscribeOptions): Promise<void>;
  /**
   * Ends what `subscribe()` began with the same topics: for `handler`, or for all handlers where
   * none is given.
   */
  unsubscribe(topics: Topics, handler?: SignalHandler): Promise<void>;
  /**
   * Publishes to `topic`. Signals on one topic arrive in the order of these calls; data that is
   * still being made (a promise) keeps its place.
   *
   * @returns a promise that resolves when the hub has taken the update, and rejects with a
   *   {@link SignalingError} where the hub refuses it, or after the `timeout` of the driver.
   */
  publish(topic: string, data: Bytes | Promise<Bytes>, options?: PublishOptions): Promise<void>;
  /**
   * The state of the subscription to these topics, `idle` where there is none. A subscription with
   * `since` has a state of its own: `handler` tells which one is meant.
   */
  stateOf(topics: Topics, handler?: SignalHandler): TopicState;
  /**
   * Calls `listener` when {@link stateOf} these topics has changed.
   *
   * @returns the function that ends it.
   */
  watch(topics: Topics, listener: () => void): () => void;
  /** Opens every stream anew, with fresh credentials, also those that the hub had refused. */
  reconnect(): void;
  /** Calls `listener` for every event of this name. */
  on<E extends keyof DriverEvents>(event: E, listener: DriverListener<E>): void;
  /** Ends what {@link on} began. */
  off<E extends keyof DriverEvents>(event: E, listener: DriverListener<E>): void;
  /** Ends everything: pending calls reject, and no socket and no timer is left. */
  destroy(): void;
}
