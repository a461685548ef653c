import type { JWK, JWTPayload, JWTVerifyGetKey } from 'jose';
import type { HubRequest } from './exchange.js';
import { readGrants, type Grants } from './grants.js';
import type { JwtKey, Settings } from './options.js';
import { Refusal, unavailable } from './Refusal.js';
import type { Revocations } from './revocation.js';

const MAX_TOKEN_LENGTH = 64 * 1024;

/** Verifies the tokens of one role, publishers or subscribers. */
export class Authorization {
  readonly #settings: Settings;
  readonly #algorithm: string | undefined;
  readonly #key: (() => Promise<JWTVerifyGetKey>) | undefined;
  readonly #revocations: Revocations;

  /** @throws a `TypeError` where the key of the option is missing or does not fit its algorithm. */
  constructor(
    settings: Settings,
    option: 'publisherJwt' | 'subscriberJwt',
    revocations: Revocations,
  ) {
    const jwt = settings[option];
    this.#settings = settings;
    this.#revocations = revocations;
    if (!jwt) return;
    if (!jwt.key) {
      throw new TypeError(
        `The \`key\` of \`${option}\` is missing. Is its environment variable set?`,
      );
    }
    this.#algorithm = jwt.algorithm ?? (isSecret(jwt.key) ? 'HS256' : 'RS256');
    if (isSecret(jwt.key) !== this.#algorithm.startsWith('HS')) {
      throw new TypeError(
        `The algorithm ${this.#algorithm} does not fit the key: HS256 takes a shared secret, RS256 a public key in PEM or as JWK.`,
      );
    }
    this.#key = createKey(jwt.key, this.#algorithm);
  }

  /**
   * What the token of a request allows; `undefined` where there is none.
   *
   * @throws a {@link Refusal} with 401 where there is one that is not valid, with 503 where the key
   *   to verify it with cannot be fetched.
   */
  async authorize(request: HubRequest): Promise<Grants | undefined> {
    const token = this.#extract(request);
    if (token === undefined) return undefined;
    try {
      return await this.#verify(token);
    } catch (error) {
      if (error instanceof Refusal) throw error;
      // The answer does not say why: that would help to forge one.
      throw this.invalid();
    }
  }

  /**
   * Asks again whether a token was revoked: reading the rest of a request may have taken time.
   *
   * @throws a {@link Refusal} with 401 where it was.
   */
  async confirm(grants: Grants | undefined): Promise<void> {
    if (grants && (await this.#revocations.has(grants.token))) throw this.invalid();
  }

  /** No token where one is needed. */
  missing(): Refusal {
    return this.#unauthorized('Bearer');
  }

  /** A token that is not valid. */
  invalid(): Refusal {
    return this.#unauthorized('Bearer error="invalid_token"');
  }

  /** A token in a form or place that the version does not allow. */
  malformed(): Refusal {
    if (this.#settings.protocol === '0.x') return this.missing();
    const challenge = 'Bearer error="invalid_request"';
    return new Refusal(400, 'Bad Request', { 'WWW-Authenticate': challenge });
  }

  /** A valid token that does not allow what was asked for. */
  insufficient(): Refusal {
    if (this.#settings.protocol === '0.x') return this.missing();
    const challenge = 'Bearer error="insufficient_scope"';
    return new Refusal(403, 'Forbidden', { 'WWW-Authenticate': challenge });
  }

  #unauthorized(challenge: string): Refusal {
    const modern = this.#settings.protocol !== '0.x';
    return new Refusal(401, 'Unauthorized', modern ? { 'WWW-Authenticate': challenge } : {});
  }

  /** Header, then query (0.x), then cookie: the first one there is decides. */
  #extract(request: HubRequest): string | undefined {
    const { protocol } = this.#settings;
    const header = request.header('Authorization');
    if (header !== undefined) {
      // Two headers are joined with a comma, which is in no token.
      const scheme = protocol === '0.x' ? /^Bearer ([^,]+)$/ : /^Bearer ([^,]{41,})$/i;
      const [, token] = scheme.exec(header) ?? [];
      if (!token) throw this.malformed();
      return token;
    }
    const query = request.url.searchParams.get('authorization');
    if (query !== null && protocol !== '1.0') return query;
    const cookie = this.#cookie(request.header('Cookie') ?? '');
    // A browser also sends the cookie when another site's page posts (cross-site request forgery).
    if (cookie !== undefined && request.method === 'POST' && !this.#mayPublish(request)) {
      throw this.malformed();
    }
    return cookie;
  }

  #cookie(header: string): string | undefined {
    const { protocol, cookieName } = this.#settings;
    const names = cookieName ? [cookieName] : [];
    if (!cookieName && protocol !== '0.x') names.push('__Secure-mercure_access_token');
    if (!cookieName && protocol !== '1.0') names.push('mercureAuthorization');
    const cookies = header.split(';').map((pair) => pair.trim());
    for (const name of names) {
      const cookie = cookies.find((pair) => pair.startsWith(`${name}=`));
      if (cookie) return cookie.slice(name.length + 1).replace(/^"(.*)"$/, '$1');
    }
    return undefined;
  }

  #mayPublish(request: HubRequest): boolean {
    const { publishOrigins } = this.#settings;
    const referer = request.header('Referer') ?? '';
    const origin =
      request.header('Origin') ?? (URL.canParse(referer) ? new URL(referer).origin : '');
    return origin !== '' && (publishOrigins.includes('*') || publishOrigins.includes(origin));
  }

  async #verify(token: string): Promise<Grants> {
    if (!this.#key || token.length > MAX_TOKEN_LENGTH) throw this.invalid();
    if (await this.#revocations.has(token)) throw this.invalid();
    const { jwtVerify } = await loadJose();
    const { payload, protectedHeader } = await jwtVerify(token, await this.#key(), {
      algorithms: [this.#algorithm!],
    });
    const { protocol, base, issuer, audience } = this.#settings;
    const hasDetails = payload.authorization_details !== undefined;
    const modern = protocol === '1.0' || (protocol === 'both' && hasDetails);
    if (modern && !isAccessToken(payload, protectedHeader.typ)) throw this.invalid();
    if (!shareOne(issuer, payload.iss) || !shareOne(audience, payload.aud)) throw this.invalid();
    return readGrants(payload, { token, base, modern });
  }
}

/** [RFC 9068 §4](https://www.rfc-editor.org/rfc/rfc9068#section-4). */
function isAccessToken({ exp }: JWTPayload, typ: string | undefined): boolean {
  return exp !== undefined && /^(application\/)?at\+jwt$/i.test(typ ?? '');
}

/** Whether a claim has one of the wanted values; `true` where none are wanted. */
function shareOne(
  wanted: string | string[] | undefined,
  claim: string | string[] | undefined,
): boolean {
  if (wanted === undefined) return true;
  return [claim ?? []].flat().some((value) => [wanted].flat().includes(value));
}

function isSecret(key: JwtKey['key']): boolean {
  if (typeof key === 'string') return !key.includes('-----BEGIN');
  return 'kty' in key && key.kty === 'oct';
}

/** Loaded with the first token: importing it takes a `TextEncoder`, which Jest's jsdom lacks. */
const loadJose = () => import('jose');

/** @throws a `TypeError` where a set of keys is none. */
function createKey(key: JwtKey['key'], algorithm: string): () => Promise<JWTVerifyGetKey> {
  if (typeof key === 'object' && 'keys' in key && !Array.isArray(key.keys)) {
    throw new TypeError('A set of keys (RFC 7517) has its keys in a list.');
  }
  let loaded: Promise<JWTVerifyGetKey> | undefined;
  return () => (loaded ??= loadKey(key, algorithm));
}

async function loadKey(key: JwtKey['key'], algorithm: string): Promise<JWTVerifyGetKey> {
  const { createLocalJWKSet } = await loadJose();
  if (key instanceof URL) return createRemoteKey(key);
  if (typeof key === 'object' && 'keys' in key) return createLocalJWKSet(key);
  const imported = await importKey(key, algorithm);
  return async () => imported;
}

/** Answers 503, not 401, where the keys cannot be fetched: the token may be valid. */
async function createRemoteKey(url: URL): Promise<JWTVerifyGetKey> {
  const { createRemoteJWKSet, errors } = await loadJose();
  const { JWKSNoMatchingKey, JWKSMultipleMatchingKeys } = errors;
  const find = createRemoteJWKSet(url);
  return (header, token) =>
    find(header, token).catch((error) => {
      if (error instanceof JWKSNoMatchingKey || error instanceof JWKSMultipleMatchingKeys) {
        throw error;
      }
      throw unavailable('The server that has the keys of this hub');
    });
}

async function importKey(key: string | JWK, algorithm: string) {
  const { importJWK, importSPKI, importX509 } = await loadJose();
  if (typeof key === 'object') return importJWK(key, algorithm);
  // In jsdom, what `TextEncoder` gives is no `Uint8Array` to jose.
  if (isSecret(key)) return Uint8Array.from(new TextEncoder().encode(key));
  return key.includes('CERTIFICATE') ? importX509(key, algorithm) : importSPKI(key, algorithm);
}
