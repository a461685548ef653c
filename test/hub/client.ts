import { SignJWT, type JWTHeaderParameters } from 'jose';
import { vi } from 'vitest';
import { createStreamReader, type StreamEvent } from '../../src/mercure/index.js';

export const DEMO_KEY = '!ChangeThisMercureHubJWTSecretKey!';

/** The token of the driver's document: publishes and subscribes to everything. */
export const DEMO_TOKEN =
  'eyJhbGciOiJIUzI1NiJ9.eyJtZXJjdXJlIjp7InB1Ymxpc2giOlsiKiJdLCJzdWJzY3JpYmUiOlsiKiJdfX0.bVXdlWXwfw9ySx7-iV5OpUSHo34RkjUdVzDLBcc6l_g';

export const ISSUER = 'https://localhost';
export const AUDIENCE = 'https://localhost/.well-known/mercure';

/** Waits until an assertion holds. */
export function until(
  assertion: () => void | Promise<void>,
  options: { timeout?: number; interval?: number } = {},
): Promise<void> {
  return vi.waitFor(assertion, { timeout: 4000, interval: 10, ...options });
}

/** Parameters, several of one name as an array. */
export type Parameters = Record<string, string | readonly string[]>;

export function toSearch(parameters: Parameters): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, values] of Object.entries(parameters)) {
    for (const value of [values].flat()) search.append(name, value);
  }
  return search;
}

/** What a subscriber sees: the raw text, what it means, and how it ends. */
export class Stream {
  readonly events: StreamEvent[] = [];
  readonly marks: string[] = [];
  text = '';
  comments = 0;
  /** `open` until the hub ends or cuts it. */
  state: 'open' | 'ended' | 'cut' = 'open';
  readonly response: Response;
  readonly #abort: AbortController;

  constructor(response: Response, abort: AbortController) {
    this.response = response;
    this.#abort = abort;
    void this.#read();
  }

  get data(): string[] {
    return this.events.map(({ data }) => data);
  }

  close(): void {
    this.#abort.abort();
  }

  async #read(): Promise<void> {
    const feed = createStreamReader({
      onEvent: (event) => this.events.push(event),
      onMark: (id) => this.marks.push(id),
      onComment: () => this.comments++,
      onRetry: () => {},
      onOverflow: () => {},
    });
    const decoder = new TextDecoder();
    try {
      for await (const chunk of this.response.body!) {
        this.text += decoder.decode(chunk, { stream: true });
        feed(chunk);
      }
      this.state = 'ended';
    } catch {
      this.state = 'cut';
    }
  }
}

/** Subscribes, and waits until the hub has taken it. */
export async function subscribe(
  url: string,
  parameters: Parameters,
  init: RequestInit = {},
): Promise<Stream> {
  const abort = new AbortController();
  const response = await fetch(`${url}?${toSearch(parameters)}`, { ...init, signal: abort.signal });
  return new Stream(response, abort);
}

/** Publishes the form, with a token where one is given. */
export function publish(url: string, form: Parameters, token?: string): Promise<Response> {
  return fetch(url, { method: 'POST', body: toSearch(form), headers: bearer(token) });
}

export function bearer(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { Authorization: `Bearer ${token}` };
}

/** A token of 0.x. */
export function legacyToken(
  mercure: { publish?: string[]; subscribe?: string[]; payload?: unknown },
  claims: Record<string, unknown> = {},
  key = DEMO_KEY,
): Promise<string> {
  return sign({ mercure, ...claims }, { alg: 'HS256' }, new TextEncoder().encode(key));
}

/** An access token of 1.0. */
export function accessToken(
  details: readonly Record<string, unknown>[],
  claims: Record<string, unknown> = {},
  header: Partial<JWTHeaderParameters> = {},
): Promise<string> {
  const payload = {
    iss: ISSUER,
    aud: AUDIENCE,
    exp: 4_102_444_800,
    authorization_details: details.map((detail) => ({
      type: 'https://mercure.rocks/authorization-detail',
      ...detail,
    })),
    ...claims,
  };
  const key = new TextEncoder().encode(DEMO_KEY);
  return sign(payload, { alg: 'HS256', typ: 'at+jwt', ...header }, key);
}

export function sign(
  payload: Record<string, unknown>,
  header: JWTHeaderParameters,
  key: CryptoKey | Uint8Array,
): Promise<string> {
  return new SignJWT(payload).setProtectedHeader(header).sign(key);
}

/** In seconds, as tokens count. */
export function inSeconds(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds;
}
