import type { JSONWebKeySet, JWK } from 'jose';
import type { ProtocolVersion } from '../mercure/index.js';

/** What tokens are verified with. */
export interface JwtKey {
  /** A shared secret, a public key or certificate in PEM, a JWK, or a set of them (RFC 7517). */
  key: string | JWK | JSONWebKeySet;
  /** The one algorithm that is accepted. Default: `HS256` for a secret, `RS256` for the others. */
  algorithm?: string | undefined;
}

/** Options of {@link createHub}. */
export interface HubOptions {
  /**
   * Which version it speaks. `both` takes subscriptions, cursors and tokens of either, and refuses
   * as 1.0 does. Default: `both`.
   */
  protocol?: 'both' | ProtocolVersion | undefined;
  /**
   * Whoever reaches it from this machine may publish and subscribe without a token: for
   * development. Requests from elsewhere, or from pages of elsewhere, are refused. Tokens that are
   * shown all the same count; without keys, those signed with Mercure's demo key. Default: `false`.
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
   * Names the topics of each update (`topics:` fields), so that many topics can share one stream,
   * and gives every subscriber a cursor from the start. `false` is Mercure as it is today.
   * Default: `true`.
   */
  topics?: boolean | undefined;
  /** How many updates it remembers for those who reconnect; 0 for none. Default: 10,000. */
  history?: number | undefined;
  /** How many bytes of updates it remembers. Default: 64 MiB. */
  historyBytes?: number | undefined;
  /** A stream that is silent for this many ms gets a comment; 0 for never. Default: 40,000. */
  heartbeatInterval?: number | undefined;
  /** A stream ends after 80–100 % of this many ms; 0 for never. Default: 600,000. */
  writeTimeout?: number | undefined;
  /** The largest request body, in bytes. Default: 10 MiB; 1 MiB where `protocol` is `1.0`. */
  maxBody?: number | undefined;
  /**
   * The most selectors of a subscription, and the most topics of an update. Default: 1000; 100
   * where `protocol` is `1.0`.
   */
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
] as const;

const MEBIBYTE = 1024 * 1024;

/** @throws a `TypeError` where an option is no number that it can be. */
export function resolveOptions(options: HubOptions) {
  for (const name of NUMBERS) {
    const value = options[name];
    if (value !== undefined && !(value >= 0)) throw new TypeError(`\`${name}\` must be 0 or more.`);
  }
  const { protocol = 'both', openToAll = false } = options;
  const strict = protocol === '1.0';
  const demoKey = openToAll ? DEMO_KEY : undefined;
  return {
    protocol,
    openToAll,
    publisherJwt: options.publisherJwt ?? demoKey,
    subscriberJwt: options.subscriberJwt ?? demoKey,
    issuer: options.issuer,
    audience: options.audience,
    cookieName: options.cookieName,
    anonymous: options.anonymous ?? openToAll,
    corsOrigins: options.corsOrigins ?? [],
    publishOrigins: options.publishOrigins ?? [],
    subscriptions: options.subscriptions ?? false,
    topics: options.topics ?? true,
    history: options.history ?? 10_000,
    historyBytes: options.historyBytes ?? 64 * MEBIBYTE,
    heartbeatInterval: options.heartbeatInterval ?? 40_000,
    writeTimeout: options.writeTimeout ?? 600_000,
    maxBody: options.maxBody ?? (strict ? 1 : 10) * MEBIBYTE,
    maxTopics: options.maxTopics ?? (strict ? 100 : 1000),
  };
}
