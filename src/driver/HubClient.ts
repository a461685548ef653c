import {
  CURSOR_HEADERS,
  FIELDS_HEADER,
  HUB_PATH,
  encodeSubscription,
  type ProtocolVersion,
} from '../mercure/index.js';
import type { Renewable, SseDriverOptions } from './options.js';
import { SignalingError } from './SignalingError.js';

/** Something that can pass: worth another attempt, not before `delay` ms. */
export class Setback {
  constructor(
    readonly error: SignalingError,
    readonly delay = 0,
  ) {}
}

/** A stream the hub has accepted. */
export interface OpenedStream {
  body: ReadableStream<Uint8Array>;
  /** The id the hub says it goes on from, where that can be read. */
  resumedFrom: string | undefined;
  /** Whether the hub promises to name the topics of its updates. */
  namesTopics: boolean;
}

type Verb = 'subscribe' | 'publish';

/** What is longer does not fit into every server's request line. */
const MAX_QUERY_LENGTH = 6_000;

/** An id no hub knows: a 0.x hub that is asked for it says where its history ends. */
const UNKNOWN_ID = 'signal:none';

/**
 * The hub as HTTP sees it: each request with the credentials of now. What can pass is thrown as a
 * {@link Setback}, what is final as a {@link SignalingError}.
 */
export class HubClient {
  readonly #options: SseDriverOptions;
  #version: ProtocolVersion = '0.x';
  #takesQuery = true;

  constructor(options: SseDriverOptions) {
    this.#options = options;
    const { protocol = 'auto' } = options;
    if (protocol !== 'auto') this.#version = protocol;
  }

  /** Where the hub is. */
  get url(): URL {
    try {
      return new URL(this.#options.url ?? HUB_PATH, globalThis.location?.href);
    } catch (cause) {
      const message = '`url` is no URL. Outside a page it must be absolute, with http or https.';
      throw new SignalingError('usage', message, { cause });
    }
  }

  /** Opens a stream on `topics` that goes on behind `cursor`. */
  async open(topics: string[], cursor: string | undefined, signal: AbortSignal): Promise<OpenedStream> {
    let response = await this.#subscribe(topics, cursor, signal);
    if (response.status === 400 && (this.#options.protocol ?? 'auto') === 'auto') {
      const refused = this.#version;
      this.#version = refused === '0.x' ? '1.0' : '0.x';
      response = await this.#subscribe(topics, cursor, signal);
      if (response.status === 400) this.#version = refused;
    }
    const { status, body, headers } = response;
    const isStream = headers.get('Content-Type')?.startsWith('text/event-stream');
    if (status !== 200 || !isStream || !body) throw await failure(response, 'subscribe');
    return {
      body,
      resumedFrom: headers.get(CURSOR_HEADERS[0]) ?? headers.get(CURSOR_HEADERS[1]) ?? undefined,
      namesTopics: headers.get(FIELDS_HEADER) === 'topics',
    };
  }

  /**
   * Posts an update.
   *
   * @returns the id the hub gave it, `''` where the hub does not say.
   */
  async post(body: URLSearchParams, keepalive: boolean, signal: AbortSignal): Promise<string> {
    const response = await this.#request(this.#options.publisher, (publisher) =>
      this.#fetch(this.url, { ...publisher, method: 'POST', body, keepalive, signal }),
    );
    if (!response.ok) throw await failure(response, 'publish');
    return response.text().catch(() => '');
  }

  async #subscribe(
    topics: string[],
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<Response> {
    const asked = cursor ?? (this.#version === '0.x' ? UNKNOWN_ID : undefined);
    const parameters = encodeSubscription(this.#version, topics, asked);
    const inBody = this.#takesQuery && `${parameters}`.length > MAX_QUERY_LENGTH;
    const response = await this.#request(this.#options.subscriber, (subscriber) => {
      const { url } = this;
      const headers = new Headers(subscriber?.headers);
      headers.set('Accept', 'text/event-stream');
      if (!inBody) for (const [name, value] of parameters) url.searchParams.append(name, value);
      return this.#fetch(url, {
        method: inBody ? 'QUERY' : 'GET',
        body: inBody ? parameters : null,
        headers,
        credentials: subscriber?.withCredentials ? 'include' : 'same-origin',
        cache: 'no-store',
        signal,
      });
    });
    if (!inBody || ![404, 405, 501].includes(response.status)) return response;
    this.#takesQuery = false;
    return this.#subscribe(topics, cursor, signal);
  }

  /** Sends with the credentials of now, and once more with fresh ones where those are refused. */
  async #request<Init>(
    option: Renewable<Init> | undefined,
    send: (init: Init | undefined) => Promise<Response>,
  ): Promise<Response> {
    if (typeof option !== 'function') return send(option);
    const renew = option as () => Init | Promise<Init>;
    const response = await send(await renew());
    const refused = response.status === 401 || response.status === 403;
    return refused ? send(await renew()) : response;
  }

  async #fetch(url: URL, init: RequestInit): Promise<Response> {
    try {
      return await (this.#options.fetch ?? fetch)(url, init);
    } catch (cause) {
      throw new Setback(
        new SignalingError('unreachable', `The hub at ${describe(url)} cannot be reached. Does it run, and allow this origin (CORS)?`, {
          cause,
        }),
      );
    }
  }
}

/** The address without its query and credentials, which may be secret. */
function describe({ origin, pathname }: URL): string {
  return origin + pathname;
}

async function failure(response: Response, verb: Verb): Promise<Setback | SignalingError> {
  const { status, headers } = response;
  void response.body?.cancel();
  const message = `The hub answered ${status} to a ${verb}.`;
  if ((status >= 500 && status !== 501) || [408, 425, 429].includes(status)) {
    const error = new SignalingError('unreachable', message, { status });
    return new Setback(error, retryAfter(headers.get('Retry-After')));
  }
  // What is final is rare, and so is the need to explain it.
  return import('./refusal.js').then(
    ({ refusal }) => refusal(response, verb),
    () => new SignalingError('rejected', message, { status }),
  );
}

/** [RFC 9110 §10.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3), in ms. */
function retryAfter(value: string | null): number {
  return Math.max(0, Number(value) * 1000 || Date.parse(value!) - Date.now() || 0);
}
