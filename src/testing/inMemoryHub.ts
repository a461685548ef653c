import { createHub, type Hub, type HubOptions } from '../hub/index.js';
import { HUB_PATH } from '../mercure/index.js';

/** A hub in this page or process, and the way to it. */
export interface InMemoryHub {
  /** The hub itself: `publish`, `disrupt`, `stats`. */
  readonly hub: Hub;
  /** For drivers: `<SignalingProvider fetch={fetch} url={url}>`. Asks the hub whatever the host. */
  readonly fetch: typeof globalThis.fetch;
  /** Where the hub is, for those who use {@link fetch}. */
  readonly url: string;
  /** Ends all streams. */
  close(): Promise<void>;
}

/** Nobody else's: what is asked here stays in this process. */
const ORIGIN = 'http://localhost';

/**
 * Makes the hub of `react-signaling/hub` and a `fetch` that reaches it without a network: requests,
 * streams and aborting go as over HTTP. It is open to all unless it is given a key. It needs
 * `Request`, `Response` and streams, which Vitest's jsdom has, and Jest's has not.
 *
 * @throws a `TypeError` where an option of the hub cannot be what it is.
 *
 * @example
 * ```ts
 * const { hub, fetch, url } = inMemoryHub();
 * const driver = new SseDriver({ url, fetch });
 * hub.disrupt({ streams: 'cut' });
 * ```
 */
export function inMemoryHub(options: HubOptions = {}): InMemoryHub {
  const hub = createHub({ openToAll: !options.publisherJwt && !options.subscriberJwt, ...options });
  return {
    hub,
    url: ORIGIN + HUB_PATH,
    fetch: (input, init) => ask(hub, input, init),
    close: () => hub.close(),
  };
}

/** What makes a handler of MSW: its `http`. */
export interface MswHttp<Handler> {
  /** As in MSW 2. */
  all(
    path: string | RegExp,
    resolver: (info: {
      /** What the page asks. */
      readonly request: Request;
    }) => Promise<Response>,
  ): Handler;
}

/**
 * Handlers for [MSW](https://mswjs.io) 2, which let a hub answer the requests of a whole app.
 *
 * @param http The `http` of `msw`.
 * @param hub What answers. `inMemoryHub()` takes one; a hub of `createHub` does as well.
 * @param url The hub's URL in the app. Default: `/.well-known/mercure` of every host.
 *
 * @example
 * ```ts
 * import { http } from 'msw';
 * import { setupServer } from 'msw/node';
 *
 * const { hub } = inMemoryHub();
 * const server = setupServer(...mswHandlers(http, hub));
 * ```
 */
export function mswHandlers<Handler>(
  http: MswHttp<Handler>,
  hub: Hub,
  url = `*${HUB_PATH}`,
): Handler[] {
  const answer = ({ request }: { readonly request: Request }) => ask(hub, request);
  return [url, `${url}/*`].map((path) => http.all(path, answer));
}

/** Asks the hub as a page on its own origin does. */
async function ask(hub: Hub, input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  const { signal: given, ...rest } = init;
  const signal =
    given ?? (typeof input === 'object' && 'signal' in input ? input.signal : undefined);
  signal?.throwIfAborted();
  const response = await hub.fetch(toRequest(input, rest));
  signal?.throwIfAborted();
  if (!response.body || !signal) return response;
  return new Response(untilAborted(response.body, signal), response);
}

/** The same request to a hub that serves its own machine alone. */
function toRequest(input: RequestInfo | URL, init: RequestInit): Request {
  const asked = typeof input === 'object' && 'url' in input ? input : undefined;
  const { pathname, search } = new URL(asked ? asked.url : (input as string | URL), ORIGIN);
  const request = new Request(ORIGIN + pathname + search, {
    ...(asked && partsOf(asked)),
    ...init,
  });
  request.headers.delete('Origin');
  return request;
}

function partsOf({ method, headers, body }: Request): RequestInit & { duplex?: 'half' } {
  return { method, headers, ...(body && { body, duplex: 'half' }) };
}

/** A body that breaks off when its request is aborted, as it does on a network. */
function untilAborted(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream({
    start(controller) {
      signal.addEventListener('abort', () => {
        controller.error(signal.reason);
        // A stream that has been cut already says so once more.
        reader.cancel(signal.reason).catch(() => {});
      });
    },
    async pull(controller) {
      const { done, value } = await reader.read();
      if (signal.aborted) return;
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
