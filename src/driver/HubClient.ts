import {
  CURSOR_HEADERS,
  FIELDS_HEADER,
  HUB_PATH,
  encodeSubscription,
  type ProtocolVersion,
} from '../mercure/index.js';
import type { Renewable, SseDriverOptions } from './options.js';
import { SignalingError, notLoaded } from './SignalingError.js';

/** What is longer does not fit into every server's request line. */
const MAX_QUERY_LENGTH = 6_000;

/** An id no hub knows: a 0.x hub that is asked for it says where its history ends. */
const UNKNOWN_ID = 'signal:none';

/**
 * The hub as HTTP sees it: each request with the credentials of now. All it throws is a
 * {@link SignalingError}, whose code says whether it can pass.
 */
export class HubClient {
  readonly #options: SseDriverOptions;
  #version: ProtocolVersion = '0.x';

  constructor(options: SseDriverOptions) {
    this.#options = options;
    if (options.protocol === '1.0') this.#version = '1.0';
  }

  /** Where the hub is. */
  get url(): URL {
    const { url = HUB_PATH } = this.#options;
    const base = globalThis.location?.href;
    const parsed = URL.canParse(url, base) ? new URL(url, base) : undefined;
    if (parsed && !parsed.username && !parsed.password) return parsed;
    const message = '`url` must be a URL without credentials, and absolute outside a page.';
    throw new SignalingError('usage', message);
  }

  /** Opens a stream on `topics` that goes on behind `cursor`. */
  async open(topics: Iterable<string>, cursor: string | undefined, signal: AbortSignal) {
    let response = await this.#subscribe(this.#version, topics, cursor, signal);
    if (response.status === 400 && (this.#options.protocol ?? 'auto') === 'auto') {
      const other = this.#version === '0.x' ? '1.0' : '0.x';
      const second = await this.#subscribe(other, topics, cursor, signal);
      if (second.status !== 400) {
        response = second;
        this.#version = other;
      }
    }
    const { status, body, headers } = response;
    const isStream = headers.get('Content-Type')?.startsWith('text/event-stream');
    if (status !== 200 || !isStream || !body) throw await failure(response, 'subscribe');
    const [cursor1, cursor0] = CURSOR_HEADERS.map((name) => headers.get(name));
    return {
      body,
      /** The id the hub says it goes on from, where that can be read. */
      resumedFrom: cursor1 ?? cursor0 ?? undefined,
      /** Whether the hub promises to name the topics of its updates. */
      namesTopics: headers.get(FIELDS_HEADER) === 'topics',
    };
  }

  /**
   * Posts an update.
   *
   * @returns the id the hub gave it, `''` where the hub does not say.
   */
  async post(body: URLSearchParams, keepalive: boolean, signal: AbortSignal): Promise<string> {
    const response = await this.#request(this.#options.publisher, (init) => [
      this.url,
      { ...init, method: 'POST', body, keepalive, signal },
    ]);
    if (!response.ok) throw await failure(response, 'publish');
    return response.text().catch(() => '');
  }

  #subscribe(
    version: ProtocolVersion,
    topics: Iterable<string>,
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<Response> {
    const asked = cursor ?? (version === '0.x' ? UNKNOWN_ID : undefined);
    const parameters = encodeSubscription(version, topics, asked);
    const long = `${parameters}`.length > MAX_QUERY_LENGTH;
    return this.#request(this.#options.subscriber, (init) => {
      const { url } = this;
      if (!long) for (const [name, value] of parameters) url.searchParams.append(name, value);
      const headers = new Headers(init?.headers);
      headers.set('Accept', 'text/event-stream');
      return [
        url,
        {
          method: long ? 'QUERY' : 'GET',
          body: long ? parameters : null,
          headers,
          credentials: init?.withCredentials ? 'include' : 'same-origin',
          cache: 'no-store',
          signal,
        },
      ];
    });
  }

  /** Sends with the credentials of now, and once more with fresh ones where those are refused. */
  async #request<Init>(
    option: Renewable<Init> | undefined,
    toRequest: (init: Init | undefined) => [URL, RequestInit],
  ): Promise<Response> {
    const renews = typeof option === 'function';
    for (let fresh = !renews; ; fresh = true) {
      // Without its query, which may hold a secret.
      const where = this.url.origin + this.url.pathname;
      let response;
      try {
        const init = renews ? await (option as () => Init | Promise<Init>)() : option;
        response = await (this.#options.fetch ?? fetch)(...toRequest(init));
      } catch (cause) {
        const message = `The hub at ${where} cannot be reached, or not from this origin (CORS).`;
        throw new SignalingError('unreachable', message, { cause });
      }
      if (fresh || (response.status !== 401 && response.status !== 403)) return response;
    }
  }
}

/** What an answer means that is no success: it is rare, and loaded when it comes. */
function failure(response: Response, verb: 'subscribe' | 'publish'): Promise<SignalingError> {
  return import('./failure.js').then(({ explain }) => explain(response, verb), notLoaded);
}
