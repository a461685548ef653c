import {
  createLocalJWKSet,
  importJWK,
  importSPKI,
  importX509,
  jwtVerify,
  type JWK,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import { HUB_PATH } from '../mercure/index.js';
import { readGrants, type Grants } from './grants.js';
import type { JwtKey, Settings } from './options.js';
import { Refusal } from './Refusal.js';

const MAX_TOKEN_LENGTH = 64 * 1024;

/** Verifies the tokens of one role, publishers or subscribers. */
export class Authorization {
  readonly #settings: Settings;
  readonly #algorithm: string | undefined;
  readonly #key: JWTVerifyGetKey | undefined;
  readonly #revoked = new Set<string>();

  constructor(settings: Settings, jwt: JwtKey | undefined) {
    this.#settings = settings;
    if (!jwt) return;
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
   * @throws a {@link Refusal} with 401 where there is one that is not valid.
   */
  async authorize(request: Request): Promise<Grants | undefined> {
    const token = this.#extract(request);
    if (token === undefined) return undefined;
    try {
      return await this.#verify(token, new URL(HUB_PATH, request.url).href);
    } catch {
      // Why is nobody's business: it would help whoever forges one.
      throw this.invalid();
    }
  }

  /** Takes this token no more. */
  revoke(token: string): void {
    this.#revoked.add(token);
  }

  /** No token where one is needed. */
  missing(): Refusal {
    return this.#unauthorized('Bearer');
  }

  /** A token that is not valid. */
  invalid(): Refusal {
    return this.#unauthorized('Bearer error="invalid_token"');
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
  #extract(request: Request): string | undefined {
    const { protocol } = this.#settings;
    const header = request.headers.get('Authorization');
    if (header !== null) {
      const scheme = protocol === '0.x' ? /^Bearer (.+)$/ : /^Bearer +(.+)$/i;
      const [, token] = scheme.exec(header) ?? [];
      if (!token) throw this.invalid();
      return token;
    }
    const query = new URL(request.url).searchParams.get('authorization');
    if (query !== null && protocol !== '1.0') return query;
    const cookie = this.#cookie(request.headers.get('Cookie') ?? '');
    // A browser sends cookies along whichever page asks it to (cross-site request forgery).
    if (cookie !== undefined && request.method === 'POST' && !this.#mayPublish(request)) {
      throw this.invalid();
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
      if (cookie) return cookie.slice(name.length + 1);
    }
    return undefined;
  }

  #mayPublish({ headers }: Request): boolean {
    const { publishOrigins } = this.#settings;
    const referer = headers.get('Referer') ?? '';
    const origin = headers.get('Origin') ?? (URL.canParse(referer) ? new URL(referer).origin : '');
    return origin !== '' && (publishOrigins.includes('*') || publishOrigins.includes(origin));
  }

  async #verify(token: string, base: string): Promise<Grants> {
    if (!this.#key || token.length > MAX_TOKEN_LENGTH || this.#revoked.has(token)) {
      throw this.invalid();
    }
    const { payload, protectedHeader } = await jwtVerify(token, this.#key, {
      algorithms: [this.#algorithm!],
    });
    const { protocol } = this.#settings;
    const isAccessToken = payload.authorization_details !== undefined && protocol !== '0.x';
    if (isAccessToken || protocol === '1.0') {
      this.#checkAccessToken(payload, protectedHeader.typ);
    } else {
      // 0.x knows neither; a token that names one is held to it.
      if (payload.iss !== undefined) this.#checkIssuer(payload);
      if (payload.aud !== undefined) this.#checkAudience(payload);
    }
    return readGrants(payload, { token, base, modern: isAccessToken || protocol === '1.0' });
  }

  /** [RFC 9068 §4](https://www.rfc-editor.org/rfc/rfc9068#section-4). */
  #checkAccessToken(payload: JWTPayload, typ: string | undefined): void {
    if (!/^(application\/)?at\+jwt$/i.test(typ ?? '') || payload.exp === undefined) {
      throw this.invalid();
    }
    this.#checkIssuer(payload);
    this.#checkAudience(payload);
  }

  #checkIssuer({ iss }: JWTPayload): void {
    if (!shareOne(this.#settings.issuer, iss)) throw this.invalid();
  }

  #checkAudience({ aud }: JWTPayload): void {
    if (!shareOne(this.#settings.audience, aud)) throw this.invalid();
  }
}

/** Whether a claim has one of the values that are wanted, where some are. */
function shareOne(
  wanted: string | string[] | undefined,
  claim: string | string[] | undefined,
): boolean {
  if (wanted === undefined) return true;
  return [claim ?? []].flat().some((value) => [wanted].flat().includes(value));
}

function isSecret(key: JwtKey['key']): boolean {
  return typeof key === 'string' && !key.includes('-----BEGIN');
}

function createKey(key: JwtKey['key'], algorithm: string): JWTVerifyGetKey {
  if (typeof key === 'object' && 'keys' in key) return createLocalJWKSet(key);
  let imported: ReturnType<typeof importKey> | undefined;
  return () => (imported ??= importKey(key, algorithm));
}

async function importKey(key: JwtKey['key'], algorithm: string) {
  if (typeof key === 'object') return importJWK(key as JWK, algorithm);
  if (isSecret(key)) return new TextEncoder().encode(key);
  return key.includes('CERTIFICATE') ? importX509(key, algorithm) : importSPKI(key, algorithm);
}
