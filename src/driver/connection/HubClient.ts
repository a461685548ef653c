import {
  CURSOR_HEADERS,
  FIELDS_HEADER,
  encodeSubscription,
  encodeUpdate,
  type ByteArray,
  type ProtocolVersion,
  type TopicSelector,
  type Update,
} from '../../mercure/index.js';
import { readUrl, type Renewable, type SseDriverOptions } from '../options.js';
import { SignalingError } from '../SignalingError.js';
import { untilAborted } from '../timing.js';
import { isAboutCredentials, isPage, readCoding, readUpdateId, toError } from './answers.js';

/** A longer query does not fit into every server's request line, in characters. */
const MAX_QUERY_LENGTH = 6_000;

/** A browser refuses more bytes than this in requests that outlive the page (WHATWG Fetch). */
const KEEPALIVE_LIMIT = 64 * 1024;

/** An id no hub knows: a 0.x hub that is asked for it says where its history ends. */
const UNKNOWN_ID = 'signal:none';

/** The first answer to a subscription. */
export interface StreamAnswer {
  body: ReadableStream<ByteArray>;
  /** The id that the hub says it goes on from, where that can be read. */
  resumedFrom: string | undefined;
  /** Whether that is another one than it was asked for. */
  isShort: boolean;
  /** Whether the hub promises to name the topics of its updates. */
  namesTopics: boolean;
  /** Whether the hub promises to mark the end of the replay. */
  marksReplay: boolean;
  /** A content coding, which a proxy may have added, and which holds back what is sent. */
  coding: string | undefined;
}

/**
 * The hub over HTTP: each request with the credentials of that moment. All it throws is a
 * {@link SignalingError}.
 */
export class HubClient {
  readonly #options: SseDriverOptions;
  /** The version that the hub has last accepted. */
  #version: ProtocolVersion;
  #takesQuery = false;

  constructor(options: SseDriverOptions) {
    this.#options = options;
    this.#version = options.protocol === '1.0' ? '1.0' : '0.x';
  }

  /** Opens a stream that goes on behind `cursor`. */
  async open(
    selectors: readonly TopicSelector[],
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<StreamAnswer> {
    const response = await this.#subscribe(selectors, cursor, signal);
    const { status, body, headers } = response;
    const isStream = headers.get('Content-Type')?.startsWith('text/event-stream');
    if (status !== 200 || !isStream || !body) throw toError(response, 'subscribe');
    const [cursor1, cursor0] = CURSOR_HEADERS.map((name) => headers.get(name));
    const fields = headers.get(FIELDS_HEADER)?.split(/\s*,\s*/) ?? [];
    const resumedFrom = cursor1 ?? cursor0 ?? undefined;
    return {
      body,
      resumedFrom,
      isShort: cursor !== undefined && resumedFrom !== undefined && resumedFrom !== cursor,
      namesTopics: fields.includes('topics'),
      marksReplay: fields.includes('mark'),
      coding: readCoding(headers),
    };
  }

  /**
   * Whether a subscription to these selectors is sent by `QUERY`, and none has ever got through:
   * CORS or a proxy may be what stops it.
   */
  mayLackQuery(selectors: readonly TopicSelector[]): boolean {
    const parameters = encodeSubscription(this.#version, selectors);
    return !this.#takesQuery && parameters !== undefined && isLong(parameters);
  }

  /** Sends an update; the id that the hub gave it, `''` where the hub does not say. */
  async post(
    update: Update,
    { keepalive, signal }: { keepalive: boolean; signal: AbortSignal },
  ): Promise<string> {
    const body = encodeUpdate(update);
    const outlives = keepalive && String(body).length <= KEEPALIVE_LIMIT;
    const response = await this.#send(this.#options.publisher, signal, (init) => [
      readUrl(this.#options),
      // A redirect would make a GET of the POST, without its update.
      { ...init, method: 'POST', body, keepalive: outlives, signal, redirect: 'manual' },
    ]);
    if (!response.ok || isPage(response)) throw toError(response, 'publish');
    return untilAborted(readUpdateId(response), signal).catch(() => '');
  }

  /** Asks in the version that was right last; then in the other one, which a hub answers with 400. */
  async #subscribe(
    selectors: readonly TopicSelector[],
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<Response> {
    const known = this.#version;
    const isFixed = (this.#options.protocol ?? 'auto') !== 'auto';
    const versions = isFixed ? [known] : ([known, known === '0.x' ? '1.0' : '0.x'] as const);
    let refused: Response | undefined;
    let isExpressible = true;
    for (const version of versions) {
      const asked = cursor ?? (version === '0.x' ? UNKNOWN_ID : undefined);
      const parameters = encodeSubscription(version, selectors, asked);
      isExpressible &&= parameters !== undefined;
      if (!parameters) continue;
      const response = await this.#get(parameters, signal);
      if (response.status !== 400 || isAboutCredentials(response)) {
        this.#version = version;
        this.#takesQuery ||= response.ok && isLong(parameters);
        return response;
      }
      refused = response;
    }
    if (refused && isExpressible) return refused;
    const message =
      'This hub has no selector like this. A URL whose variables are path segments works on all, such as https://example.com/books/{id}.';
    throw new SignalingError('rejected', message, { status: refused?.status });
  }

  #get(parameters: URLSearchParams, signal: AbortSignal): Promise<Response> {
    const long = isLong(parameters);
    return this.#send(this.#options.subscriber, signal, (init) => {
      const url = readUrl(this.#options);
      if (!long) for (const [name, value] of parameters) url.searchParams.append(name, value);
      const headers = new Headers(init?.headers);
      headers.set('Accept', 'text/event-stream');
      return [
        url,
        {
          // The safe method with a body ([RFC 10008](https://www.rfc-editor.org/rfc/rfc10008)).
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
  async #send<Init>(
    option: Renewable<Init> | undefined,
    signal: AbortSignal,
    toRequest: (init: Init | undefined) => [URL, RequestInit],
  ): Promise<Response> {
    const response = await this.#fetch(toRequest, await evaluate(option, signal), signal);
    // Across origins the header that would tell what a 400 is about cannot be read.
    const mayBeStale = isAboutCredentials(response) || response.status === 400;
    if (typeof option !== 'function' || !mayBeStale) return response;
    return this.#fetch(toRequest, await evaluate(option, signal), signal);
  }

  async #fetch<Init>(
    toRequest: (init: Init) => [URL, RequestInit],
    init: Init,
    signal: AbortSignal,
  ): Promise<Response> {
    const [url, request] = build(() => toRequest(init));
    try {
      return await untilAborted((this.#options.fetch ?? fetch)(url, request), signal);
    } catch (cause) {
      // `fetch` rejects alike for what it cannot send and for a network that fails.
      if (!signal.aborted) build(() => new Request(url, request));
      // Without the query, which may hold a secret.
      const where = url.origin + url.pathname;
      const message = `The hub at ${where} cannot be reached, or not from this origin (CORS).`;
      throw new SignalingError('unreachable', message, { cause });
    }
  }
}

function isLong(parameters: URLSearchParams): boolean {
  return String(parameters).length > MAX_QUERY_LENGTH;
}

/** The credentials of now. */
async function evaluate<Value>(
  option: Renewable<Value> | undefined,
  signal: AbortSignal,
): Promise<Value | undefined> {
  if (typeof option !== 'function') return option;
  try {
    return await untilAborted((option as () => Value | Promise<Value>)(), signal);
  } catch (cause) {
    const message = signal.aborted
      ? 'The function that gives the credentials did not answer in time.'
      : 'The function that gives the credentials threw. See the cause.';
    throw new SignalingError('credentials', message, { cause });
  }
}

/** Makes a request. The error tells no cause: it would show the header that is wrong. */
function build<Value>(make: () => Value): Value {
  try {
    return make();
  } catch (error) {
    if (error instanceof SignalingError) throw error;
    const message = 'The request cannot be made: check `headers` and the other fetch options.';
    throw new SignalingError('usage', message);
  }
}
