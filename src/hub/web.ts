import type { Answer, HubRequest } from './exchange.js';
import type { StreamSource } from './Sink.js';

/** How many bytes a response may hold before it asks for a pause. */
const HIGH_WATER_MARK = 64 * 1024;

/** The request that a `Request` is ([Fetch](https://fetch.spec.whatwg.org/#requests)). */
export function fromRequest({ method, url, headers, body }: Request): HubRequest {
  return {
    method,
    url: new URL(url),
    header: (name) => headers.get(name) ?? undefined,
    async read(take, signal) {
      const reader = body?.getReader();
      if (!reader) return true;
      const stop = () => void reader.cancel().catch(() => {});
      signal.addEventListener('abort', stop);
      try {
        for (;;) {
          const { done, value } = await reader.read();
          if (done) return !signal.aborted;
          take(value);
        }
      } finally {
        signal.removeEventListener('abort', stop);
        stop();
      }
    },
  };
}

/** The `Response` that says what an answer says. */
export function toResponse({ status, headers, body }: Answer): Response {
  // Some statuses allow no body, not even an empty one.
  const init = typeof body === 'string' ? body || null : toBody(body);
  return new Response(init, { status, headers });
}

/** A body that is written by `source`. */
function toBody(source: StreamSource): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        source.open({
          write({ bytes }) {
            controller.enqueue(bytes);
            return controller.desiredSize! > 0;
          },
          cork() {},
          uncork() {},
          end: () => controller.close(),
          cut: () => controller.error(new Error('The hub has cut this stream.')),
        });
      },
      pull: () => source.resume(),
      cancel: () => source.leave(),
    },
    { highWaterMark: HIGH_WATER_MARK, size: ({ byteLength }) => byteLength },
  );
}
