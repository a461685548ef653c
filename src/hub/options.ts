import type { JSONWebKeySet, JWK } from 'jose';
import { HUB_PATH, type ProtocolVersion, type StreamField } from '../mercure/index.js';
import { memoryStorage } from './storage/memoryStorage.js';
import type { Storage } from './storage/Storage.js';

/** What tokens are verified with. */
export interface JwtKey {
  /**
   * A shared secret, a public key or certificate in PEM, a JWK, or a set of them (RFC 7517); or the
   * URL of such a set, which is fetched again for a key it did not have, so that keys can rotate.
   */
  key: string | JWK | JSONWebKeySet | URL;
  /**
   * The one algorithm that is accepted. Default: `HS256` for a secret (also as JWK), `RS256` for the
   * others.
   */
  algorithm?: string | undefined;
}

/** Something that happened in a hub. */
export type HubLogRecord =
  | {
      /** A stream was opened, or has ended. */
      event: 'subscribe' | 'unsubscribe';
      /** The id of the subscriber. */
      subscriber: string;
      /** How many selectors it has. */
      selectors: number;
    }
  | {
      /** An update was accepted. */
      event: 'publish';
      /** The id of the update. */
      id: string;
      /** Its topics. */
      topics: readonly string[];
      /** Whether it is private. */
      private: boolean;
    }
  | {
      /** A request was refused. */
      event: 'refuse';
      /** Its HTTP method. */
      method: string;
      /** The HTTP status of the answer. */
      status: number;
      /** Why, as the client was told. */
      reason: string;
    }
  | {
      /** The log went back or was cut, so all streams were ended. */
      event: 'restart';
    };

/** Options of {@link createHub}. */
export interface HubOptions {
  /**
   * Which version it speaks. `both` takes subscriptions, cursors and tokens of either, and refuses
   * as 1.0 does. Default: `both`.
   */
  protocol?: 'both' | ProtocolVersion | undefined;
  /**
   * Everybody on this machine may publish and subscribe without a token: for development. Requests
   * from elsewhere, or from pages of other sites, are refused. A token that is sent all the same is
   * verified; without keys, with Mercure's demo key. Default: `false`.
   */
  openToAll?: boolean | undefined;
  /** Verifies publishers. Default: none, so that nobody publishes over HTTP. */
  publisherJwt?: JwtKey | undefined;
  /** Verifies subscribers. Default: none, so that no private update is delivered. */
  subscriberJwt?: JwtKey | undefined;
  /** The `iss` that tokens must have. Default: not looked at. */
  issuer?: string | string[] | undefined;
  /** The `aud` that tokens must have, in general the URL of this hub. Default: not looked at. */
  audience?: string | string[] | undefined;
  /**
   * The cookie that may carry a token. Default: `mercureAuthorization` (0.x) and
   * `__Secure-mercure_access_token` (1.0).
   */
  cookieName?: string | undefined;
  /** Subscribers need no token, and get public updates. Default: as `openToAll`. */
  anonymous?: boolean | undefined;
  /** Origins whose pages may use it; `*` for all, without cookies. Default: none but its own. */
  corsOrigins?: readonly string[] | undefined;
  /** Origins whose pages may publish with a cookie; `*` for all. Default: none. */
  publishOrigins?: readonly string[] | undefined;
  /** Presence: tells who subscribes, by private updates and an API. Default: `false`. */
  subscriptions?: boolean | undefined;
  /**
   * Adds what Mercure does not send today. `true`: every update names its topics (`topics:` fields,
   * dunglas/mercure#1380), and a mark ends each replay, so that every subscriber has a cursor from
   * the start; both are announced by `Event-Stream-Fields: topics, mark`. `'unmarked'`: topics are
   * named and announced, without marks. `false`: neither. Default: `true`.
   */
  topics?: boolean | 'unmarked' | undefined;
  /**
   * The hub's own URL, as its clients know it. What is relative in selectors, tokens and topics is
   * relative to it; it is never taken from a request. Default: `audience` where that is one URL, else
   * none, so that what is relative matches only what is relative.
   */
  url?: string | undefined;
  /** Where updates are kept. Default: in memory, so that a restart forgets them. */
  storage?: Storage | undefined;
  /** Called with what happens, for a log. No token and no content is in it. Default: none. */
  log?: ((record: HubLogRecord) => void) | undefined;
  /** How many updates it remembers for those who reconnect; 0 for none. Default: 10,000. */
  history?: number | undefined;
  /** How much memory the updates may take that it remembers, in bytes. Default: 64 MiB. */
  historyBytes?: number | undefined;
  /** How many streams may be open; further ones get 503. Default: 50,000. */
  maxSubscribers?: number | undefined;
  /** A stream that is silent for this many ms gets a comment; 0 for never. Default: 40,000. */
  heartbeatInterval?: number | undefined;
  /** A stream ends after 80–100 % of this many ms; 0 for never. Default: 600,000. */
  writeTimeout?: number | undefined;
  /** The largest request body, in bytes. Default: 10 MiB; 1 MiB where `protocol` is `1.0`. */
  maxBody?: number | undefined;
  /** The most selectors of a subscription. Default: 1000; 100 where `protocol` is `1.0`. */
  maxTopics?: number | undefined;
}

/** The options with their defaults. */
export type Settings = ReturnType<typeof resolveOptions>;

/** The key of Mercure's documentation: everybody knows it. */
const DEMO_KEY: JwtKey = { key: '!ChangeThisMercureHubJWTSecretKey!' };

const NUMBERS = [
  'history',
  'historyBytes',
  'heartbeatInterval',
  'writeTimeout',
  'maxBody',
  'maxTopics',
  'maxSubscribers',
] as const;

/** The base of what is relative, where the hub does not know its URL. */
const NOWHERE = `http://hub.invalid${HUB_PATH}`;

const FIELDS: Record<'true' | 'unmarked' | 'false', readonly StreamField[]> = {
  true: ['topics', 'mark'],
  unmarked: ['topics'],
  false: [],
};

const MEBIBYTE = 1024 * 1024;

/** @throws a `TypeError` where an option cannot be what it is. */
export function resolveOptions(options: HubOptions) {
  if (options.url !== undefined && !URL.canParse(options.url)) {
    throw new TypeError('`url` must be the absolute URL of the hub.');
  }
  for (const name of NUMBERS) {
    const value = options[name];
    if (value !== undefined && !(value >= 0)) throw new TypeError(`\`${name}\` must be 0 or more.`);
  }
  const { protocol = 'both', openToAll = false, audience } = options;
  const ownUrl = typeof audience === 'string' && URL.canParse(audience) ? audience : NOWHERE;
  const strict = protocol === '1.0';
  const demoKey = openToAll ? DEMO_KEY : undefined;
  return {
    protocol,
    openToAll,
    publisherJwt: options.publisherJwt ?? demoKey,
    subscriberJwt: options.subscriberJwt ?? demoKey,
    issuer: options.issuer,
    audience,
    cookieName: options.cookieName,
    anonymous: options.anonymous ?? openToAll,
    corsOrigins: options.corsOrigins ?? [],
    publishOrigins: options.publishOrigins ?? [],
    subscriptions: options.subscriptions ?? false,
    fields: FIELDS[`${options.topics ?? true}`],
    base: new URL(options.url ?? ownUrl).href,
    storage: options.storage ?? memoryStorage(),
    log: options.log,
    history: options.history ?? 10_000,
    historyBytes: options.historyBytes ?? 64 * MEBIBYTE,
    heartbeatInterval: options.heartbeatInterval ?? 40_000,
    writeTimeout: options.writeTimeout ?? 600_000,
    maxBody: options.maxBody ?? (strict ? 1 : 10) * MEBIBYTE,
    maxTopics: options.maxTopics ?? (strict ? 100 : 1000),
    maxSubscribers: options.maxSubscribers ?? 50_000,
  };
}
