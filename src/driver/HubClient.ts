import {
  CURSOR_HEADERS,
  FIELDS_HEADER,
  HUB_PATH,
  encodeSubscription,
  type ProtocolVersion,
} from '../mercure/index.js';
import { DEFAULT_TIMEOUT, type Renewable, type SseDriverOptions } from './options.js';
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

/** What does not fit into every server's request line goes into a body. */
const MAX_URL_LENGTH = 6_000;

/** One attempt to publish is given up after this many ms, so that another one can be made. */
const POST_TIMEOUT = 10_000;

/** An id no hub knows: a 0.x hub that is asked for it says where its history ends. */
const UNKNOWN_ID = 'signal:none';

/**
 * The hub as HTTP sees it: one request at a time, each with fresh credentials. What can pass is
 * thrown as a {@link Setback}, what is final as a {@link SignalingError}.
 */
export class HubClient {
  readonly #options: SseDriverOptions;
  #version: ProtocolVersion | undefined;
  #takesQuery = true;

  constructor(options: SseDriverOptions) {
    this.#options = options;
  }

  /** Where the hub is. Throws where a relative URL has no page to be relative to. */
  get url(): URL {
    const { url = HUB_PATH } = this.#options;
    const base = globalThis.location?.href;
    if (!URL.canParse(url, base)) {
      throw new SignalingError(
        'usage',
        'A relative hub `url` works in a page only. Give an absolute one here.',
      );
    }
    return new URL(url, base);
  }

  /** Opens a stream on `topics` that goes on behind `cursor`. */
  open(
    topics: readonly string[],
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<OpenedStream> {
    return this.#within(Infinity, signal, (limited) => this.#open(topics, cursor, limited));
  }

  async #open(
    topics: readonly string[],
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<OpenedStream> {
    const { protocol = 'auto' } = this.#options;
    const preferred = protocol === 'auto' ? (this.#version ?? '0.x') : protocol;
    let response = await this.#subscribe(preferred, topics, cursor, signal);
    let version = preferred;
    if (response.status === 400 && protocol === 'auto') {
      version = preferred === '0.x' ? '1.0' : '0.x';
      const second = await this.#subscribe(version, topics, cursor, signal);
      void (second.status === 400 ? second : response).body?.cancel();
      if (second.status !== 400) response = second;
    }
    if (!response.ok) throw failure(response, 'subscribe');
    const type = response.headers.get('Content-Type') ?? 'none';
    if (response.status !== 200 || !response.body || !/^text\/event-stream\b/i.test(type)) {
      void response.body?.cancel();
      throw new SignalingError(
        'not-a-hub',
        `What answers at ${describe(this.url)} is no Mercure hub: status ${response.status}, content type ${type}. Check \`url\` and what stands in front of the hub.`,
        { status: response.status },
      );
    }
    this.#version = version;
    return {
      body: response.body,
      resumedFrom: CURSOR_HEADERS.map((name) => response.headers.get(name)).find((id) => id !== null) ?? undefined,
      namesTopics: /\btopics\b/.test(response.headers.get(FIELDS_HEADER) ?? ''),
    };
  }

  /**
   * Posts an update.
   *
   * @returns the id the hub gave it, `''` where the hub does not say.
   */
  post(form: URLSearchParams, keepalive: boolean, signal: AbortSignal): Promise<string> {
    return this.#within(POST_TIMEOUT, signal, async (limited) => {
      const response = await this.#request(this.#options.publisher, (init) =>
        this.#fetch(this.url, { ...init, keepalive, method: 'POST', body: form, signal: limited }),
      );
      if (!response.ok) throw failure(response, 'publish');
      return response.text();
    });
  }

  async #subscribe(
    version: ProtocolVersion,
    topics: readonly string[],
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<Response> {
    const asked = cursor ?? (version === '0.x' ? UNKNOWN_ID : undefined);
    const parameters = encodeSubscription(version, topics, asked);
    return this.#request(this.#options.subscriber, async (subscriber) => {
      const url = this.url;
      const init: RequestInit = {
        headers: new Headers(subscriber?.headers),
        credentials: subscriber?.withCredentials ? 'include' : 'same-origin',
        cache: 'no-store',
        signal,
      };
      (init.headers as Headers).set('Accept', 'text/event-stream');
      if (this.#takesQuery && topics.length > 1 && String(parameters).length > MAX_URL_LENGTH) {
        const response = await this.#fetch(url, { ...init, method: 'QUERY', body: parameters });
        if (response.status !== 405 && response.status !== 501) return response;
        this.#takesQuery = false;
      }
      for (const [name, value] of parameters) url.searchParams.append(name, value);
      return this.#fetch(url, init);
    });
  }

  /** Sends with the credentials of now, and once more with fresh ones where those are refused. */
  async #request<Init>(
    option: Renewable<Init> | undefined,
    send: (init: Init | undefined) => Promise<Response>,
  ): Promise<Response> {
    if (typeof option !== 'function') return send(option);
    const renew = option as () => Init | Promise<Init>;
    const response = await send(await renew());
    if (response.status !== 401 && response.status !== 403) return response;
    void response.body?.cancel();
    return send(await renew());
  }

  async #fetch(url: URL, init: RequestInit): Promise<Response> {
    const { fetch = globalThis.fetch } = this.#options;
    try {
      return await fetch(url, init);
    } catch (cause) {
      throw unreachable(url, cause);
    }
  }

  /** Runs `task`, which is aborted when `signal` is or when it has not come to an end in time. */
  async #within<Result>(
    limit: number,
    signal: AbortSignal,
    task: (limited: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const overdue = new AbortController();
    const { timeout = DEFAULT_TIMEOUT } = this.#options;
    const timer = setTimeout(() => overdue.abort(), Math.min(limit, timeout));
    try {
      return await task(AbortSignal.any([signal, overdue.signal]));
    } catch (cause) {
      signal.throwIfAborted();
      throw cause instanceof Setback || cause instanceof SignalingError ? cause : unreachable(this.url, cause);
    } finally {
      clearTimeout(timer);
    }
  }
}

function unreachable(url: URL, cause: unknown): Setback {
  return new Setback(
    new SignalingError(
      'unreachable',
      `The hub at ${describe(url)} cannot be reached. Check that it runs and, from another origin, that its CORS settings name this one.`,
      { cause },
    ),
  );
}

function failure(response: Response, verb: 'subscribe' | 'publish'): Setback | SignalingError {
  const { status } = response;
  void response.body?.cancel();
  const where = `The hub at ${describe(new URL(response.url || 'http://hub'))}`;
  const error = (code: 'unreachable' | 'unauthorized' | 'not-a-hub' | 'rejected', advice: string) =>
    new SignalingError(code, `${where} answered ${status} to a ${verb}. ${advice}`, { status });

  if (status >= 500 || status === 408 || status === 425 || status === 429) {
    return new Setback(error('unreachable', 'It may pass.'), retryAfter(response));
  }
  if (status === 401 || status === 403) {
    const option = verb === 'publish' ? 'publisher' : 'subscriber';
    return error('unauthorized', `Give \`${option}\` a token that covers the topic, or a function that fetches a fresh one.`);
  }
  if (status === 404 || status === 405) {
    return error('not-a-hub', `Check that \`url\` is a Mercure hub, such as https://example.com${HUB_PATH}.`);
  }
  if (status === 413) return error('rejected', 'The update is too large for it: send less, or raise its limit.');
  return error('rejected', 'It refuses this request as it is: check the topic and the options of the hub.');
}

/** [RFC 9110 §10.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3), in ms. */
function retryAfter({ headers }: Response): number {
  const value = headers.get('Retry-After');
  if (!value) return 0;
  const seconds = Number(value);
  return Math.max(0, Number.isNaN(seconds) ? Date.parse(value) - Date.now() : seconds * 1000) || 0;
}

/** The address without its query and credentials, which may be secret. */
function describe({ origin, pathname }: URL): string {
  return origin + pathname;
}
