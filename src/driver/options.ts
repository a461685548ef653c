import { HUB_PATH, type ProtocolVersion } from '../mercure/index.js';
import type { Encoding } from './Driver.js';
import { SignalingError } from './SignalingError.js';
import { MAX_TIMEOUT, type RetryOptions } from './timing.js';

/** How a stream is asked for: what `EventSource` takes, and headers. */
export interface SubscriberInit {
  /** Sends cookies to another origin too. Default: `false`. */
  withCredentials?: boolean;
  /** Headers of the request, such as `Authorization`. Across origins they cost a CORS preflight. */
  headers?: HeadersInit;
}

/** A value, or a function that is called for every request: this is how a token is renewed. */
export type Renewable<Value> = Value | (() => Value | Promise<Value>);

/** Options of every driver, and so of the provider. */
export interface DriverOptions {
  /** How bytes travel, unless a subscription or a publish says otherwise. Default: `base64`. */
  encoding?: Encoding | undefined;
  /** How long a publish may try, and a hub take to answer, in ms. Default: 30,000. */
  timeout?: number | undefined;
  /** The back-off ("full jitter"). Default: `{ base: 2000, max: 15000 }`. */
  retry?: Partial<RetryOptions> | undefined;
  /**
   * How subscriptions share streams.
   *
   * - `auto`: one stream for all topics where the hub names the topics of its updates, else one for
   *   each subscription. A subscription with a template or pattern always has its own.
   * - `never`: one for each, always.
   * - `always`: one for all topics on any hub: publishers of this driver write the topic into the
   *   id of their updates, and it is believed. Right only where everybody who may publish on one of
   *   these topics may publish on all of them. An update without a mark turns it off.
   *
   * Default: `auto`.
   */
  multiplex?: 'auto' | 'always' | 'never' | undefined;
}

/** Options of {@link SseDriver}, and so of the provider. All have a default. */
export interface SseDriverOptions extends DriverOptions {
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
   * The protocol version of the hub. `auto` starts with 0.x and tries the other one where the hub
   * answers 400; what worked is remembered. Default: `auto`.
   */
  protocol?: 'auto' | ProtocolVersion | undefined;
  /**
   * How long a stream may be silent before it is opened anew, in ms. Default: 60,000 on a hub that
   * sends heartbeats, no limit on one that does not; a given one holds always.
   */
  heartbeatTimeout?: number | undefined;
  /** Used in place of the global `fetch`. */
  fetch?: typeof globalThis.fetch | undefined;
}

/** Options of {@link TabsDriver}: those of {@link SseDriver}, and which tabs share. */
export interface TabsDriverOptions extends SseDriverOptions {
  /**
   * Who is signed in, for tabs whose tokens differ though they mean the same: tabs of one `identity`
   * share, whatever their credentials, and the hub sees those of the tab that leads. Take what no
   * two users have in common, such as a user id. Default: tabs share that begin with equal
   * `headers` and credentials in `publisher` and `subscriber`.
   */
  identity?: string | undefined;
}

/** Defaults of {@link RetryOptions}. */
const RETRY: RetryOptions = { base: 2_000, max: 15_000 };
const MIN_RETRY = 5;

/**
 * The back-off of these options.
 *
 * @throws {@link SignalingError} `usage` where a number is none that can be waited.
 */
export function readRetry({ retry = {} }: DriverOptions): RetryOptions {
  const { base = RETRY.base, max = RETRY.max } = retry;
  // A hub that is away is not asked in a hot loop, whatever the options say.
  return {
    base: Math.max(MIN_RETRY, duration('retry.base', base)),
    max: Math.max(MIN_RETRY, duration('retry.max', max)),
  };
}

/** The time limit of these options, in ms. */
export function readTimeout({ timeout = 30_000 }: DriverOptions): number {
  return duration('timeout', timeout);
}

/** The longest silence that these options allow, in ms; `undefined` where they leave it open. */
export function readHeartbeatTimeout({ heartbeatTimeout }: SseDriverOptions): number | undefined {
  return heartbeatTimeout === undefined
    ? undefined
    : duration('heartbeatTimeout', heartbeatTimeout);
}

/**
 * Where the hub of these options is.
 *
 * @throws {@link SignalingError} `usage` where that is no URL a request can be sent to.
 */
export function readUrl({ url = HUB_PATH }: SseDriverOptions): URL {
  try {
    if (url === '') throw new TypeError('Empty.');
    const parsed = new URL(url, globalThis.location?.href);
    if (!parsed.username && !parsed.password) return parsed;
  } catch {
    // The message below says what to do; the URL itself may hold a secret.
  }
  const message =
    '`url` must be a URL that is not empty, without credentials, and absolute outside a page.';
  throw new SignalingError('usage', message);
}

/** `Infinity` is as long as a timer can wait. */
function duration(name: string, value: number): number {
  if (typeof value === 'number' && value >= 0) return Math.min(value, MAX_TIMEOUT);
  throw new SignalingError('usage', `\`${name}\` must be a number of ms, 0 or more.`);
}
