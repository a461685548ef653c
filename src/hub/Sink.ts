import type { Frame } from './Frame.js';

/** Where a stream is written to: a socket, or the body of a `Response`. */
export interface Sink {
  /** Writes a frame; `false` asks for a pause, until `StreamSource.resume()` is called. */
  write(frame: Frame): boolean;
  /** Holds back what is written until `uncork()`, so that it goes out together. */
  cork(): void;
  uncork(): void;
  /** Ends the stream cleanly. */
  end(): void;
  /** Breaks the stream off. */
  cut(): void;
}

/** What writes to a sink, and listens to it. */
export interface StreamSource {
  /** Begins to write to `sink`. */
  open(sink: Sink): void;
  /** The sink takes more. */
  resume(): void;
  /** The sink is gone. */
  leave(): void;
}

/** How many bytes a response may hold before it asks for a pause. */
const HIGH_WATER_MARK = 64 * 1024;

/** A response whose body is written by `source`. */
export function toResponse(source: StreamSource, headers: Headers): Response {
  const body = new ReadableStream<Uint8Array>(
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
  return new Response(body, { headers });
}
