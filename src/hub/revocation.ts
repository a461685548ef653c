import type { Revocation } from './storage/Storage.js';

/** The revocation of a token: the log keeps its hash, never the token. */
export async function createRevocation(token: string): Promise<Revocation> {
  const { decodeJwt } = await import('jose');
  const { exp } = decodeJwt(token);
  return { revoked: await hashToken(token), until: exp === undefined ? null : exp * 1000 };
}

export async function hashToken(token: string): Promise<string> {
  const { base64url } = await import('jose');
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token));
  return base64url.encode(new Uint8Array(hash));
}

/** The tokens that are accepted no more, until they expire by themselves. */
export class Revocations {
  /** When each token expires, by its hash. */
  readonly #ends = new Map<string, number>();

  add({ revoked, until }: Revocation): void {
    const now = Date.now();
    for (const [hash, end] of this.#ends) if (end < now) this.#ends.delete(hash);
    this.#ends.set(revoked, until ?? Infinity);
  }

  async has(token: string): Promise<boolean> {
    return this.#ends.size > 0 && this.#ends.has(await hashToken(token));
  }
}
