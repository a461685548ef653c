import type { Update } from '../mercure/index.js';
import type { Disruption } from './faults.js';

/** A Mercure hub in this process. */
export interface Hub {
  /** Whether it was made with `openToAll`. */
  readonly openToAll: boolean;
  /** How many streams are open. */
  readonly subscribers: number;
  /**
   * Answers a request to the hub's URL (`/.well-known/mercure`) or its presence API, and 404 to
   * others. It needs no `this`, so it can be handed to a server as it is.
   */
  readonly fetch: (request: Request) => Promise<Response>;
  /**
   * Publishes without asking for a token: for the code of the server itself.
   *
   * @returns the id of the update, once the storage has it. Rejects with an error that says why an
   *   update cannot be taken, or where it is not known whether the storage has it: then it can be
   *   published again with the same id.
   */
  publish(update: Update): Promise<string>;
  /** Makes it misbehave, for tests. A call replaces the one before: `{}` ends it. */
  disrupt(disruption: Disruption): void;
  /**
   * Takes a token no more, and ends its streams: on all hubs that share the storage, and after a
   * restart for as long as the storage remembers. Resolves once the storage has it.
   */
  revoke(token: string): Promise<void>;
  /**
   * Resolves once the storage has been read; until then requests wait. Rejects where it cannot be
   * read.
   */
  readonly ready: Promise<void>;
  /** Figures for monitoring. */
  readonly stats: HubStats;
  /**
   * Answers 503 from now on, and ends every stream cleanly: spread over `within` ms, so that not all
   * clients reconnect at once. Default: at once. Resolves when all are ended and the storage is
   * closed. No timer is left.
   */
  close(options?: {
    /** In ms. Default: 0. */
    within?: number;
  }): Promise<void>;
}

/** Figures of a hub. Those that count only grow. */
export interface HubStats {
  /** `starting` until the storage has been read; `failed` where it could not be. */
  state: 'starting' | 'ready' | 'failed' | 'closed';
  /** Streams that are open. */
  subscribers: number;
  /** Streams that ever were. */
  subscriptions: number;
  /** Streams that were cut because their readers were slow. */
  dropped: number;
  /** Updates that came from the log. */
  updates: number;
  /** How many streams those were sent to in all. */
  deliveries: number;
  /** How many updates are remembered. */
  historyUpdates: number;
  /** The memory they take, in bytes. */
  historyBytes: number;
  /** How far this hub is behind the log, in ms. */
  storageLag: number;
}
