import type { ProtocolVersion } from '../mercure/index.js';

/** How a stream is asked for: what `EventSource` takes, and headers. */
export interface SubscriberInit {
  /** Sends cookies to another origin too. Default: `false`. */
  withCredentials?: boolean;
  /** Headers of the request, such as `Authorization`. Across origins they cost a CORS preflight. */
  headers?: HeadersInit;
}

/** A value, or a function that is called anew for every request: that is how a token is renewed. */
export type Renewable<Value> = Value | (() => Value | Promise<Value>);

/** Options of {@link SseDriver}, and so of the provider. All have a default that works. */
export interface SseDriverOptions {
  /**
   * The hub: absolute, or relative to the page. Default: `/.well-known/mercure`. Parameters in its
   * query are kept.
   */
  url?: string | URL | undefined;
  /** Options of every publishing `fetch`, such as `headers` with the token. Default: none. */
  publisher?: Renewable<RequestInit> | undefined;
  /** Options of every stream. Default: none. */
  subscriber?: Renewable<SubscriberInit> | undefined;
  /**
   * How bytes travel in an update's `data`. `base64` is what Peerix peers speak; `text` (UTF-8) is
   * what a backend posts that writes JSON as it is. Default: `base64`.
   */
  encoding?: 'base64' | 'text' | undefined;
  /**
   * The protocol version of the hub. `auto` starts with 0.x and turns to the other one where the
   * hub answers 400; what worked is remembered. Default: `auto`.
   */
  protocol?: 'auto' | ProtocolVersion | undefined;
  /**
   * How topics share streams.
   *
   * - `auto`: one stream for all where the hub names the topics of its updates, else one for each.
   * - `never`: one for each, always.
   * - `always`: one for all on any hub: publishers of this driver write the topic into the id of
   *   their updates, and it is believed. Right only where everybody who may publish on one of these
   *   topics may publish on all of them. An update without a mark turns it off.
   *
   * Default: `auto`.
   */
  multiplex?: 'auto' | 'always' | 'never' | undefined;
  /**
   * How long a stream may be silent before it is opened anew, in ms. Default: 60,000 on a hub that
   * has sent heartbeats, no limit on one that has not; given, it holds always.
   */
  heartbeatTimeout?: number | undefined;
  /** How long a publish may try, and a hub take to answer, in ms. Default: 30,000. */
  timeout?: number | undefined;
  /**
   * The back-off: attempt *n* waits a random time up to `base` · 2ⁿ, at most `max`, in ms ("full
   * jitter"). Default: `{ base: 2000, max: 30000 }`.
   */
  retry?: { base?: number; max?: number } | undefined;
  /** Stands in for the global `fetch`. */
  fetch?: typeof globalThis.fetch | undefined;
}

/** @internal */
export const DEFAULT_TIMEOUT = 30_000;
