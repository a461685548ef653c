import type { ByteArray } from '../../mercure/index.js';

/** In bytes. It is allocated for each stream, and filled again and again. */
const BUFFER = 64 * 1024;

/**
 * Reads a body until it ends or `signal` aborts. A chunk is valid until the next one is asked for:
 * all are read into one buffer, where the engine can, which saves a third of the time.
 */
export async function* readChunks(
  body: ReadableStream<ByteArray>,
  signal: AbortSignal,
): AsyncGenerator<ByteArray> {
  const reader = createReader(body);
  // A `fetch` of one's own may not pass the abort on to the body.
  signal.addEventListener('abort', () => void reader.cancel().catch(() => {}));
  let buffer = new ArrayBuffer(BUFFER);
  for (;;) {
    const { done, value } = await reader.read(new Uint8Array(buffer));
    if (done) return;
    yield value;
    buffer = value.buffer;
  }
}

function createReader(body: ReadableStream<ByteArray>) {
  try {
    return body.getReader({ mode: 'byob' });
  } catch {
    // No stream of bytes (Streams Standard, "SetUpReadableStreamBYOBReader"): it brings its own chunks.
    return body.getReader() as Pick<ReadableStreamBYOBReader, 'read' | 'cancel'>;
  }
}
