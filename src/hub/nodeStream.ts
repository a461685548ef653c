import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Frame } from './Frame.js';
import type { Answer } from './exchange.js';
import type { Sink, StreamSource } from './Sink.js';

/** What a middleware may add. */
type Response = ServerResponse & { flush?: () => void };

const streaming = new WeakSet<Socket>();

/** Whether a stream is open on a connection of HTTP/1. */
export function isStreaming(socket: Socket): boolean {
  return streaming.has(socket);
}

/** Lets `stream` write to a response of Node. */
export function writeStream(stream: StreamSource, headers: Answer['headers'], res: Response): void {
  if (res.destroyed || !res.req.socket) return;
  if (res.socket) streaming.add(res.socket);
  res.once('finish', () => streaming.delete(res.req.socket));
  res.writeHead(200, headers);
  res.flushHeaders();
  res.on('close', () => stream.leave());
  stream.open(new NodeSink(stream, res));
}

/**
 * The socket, where chunks can be written to it past the response: they are encoded once for all
 * subscribers, and Node would write each in four pieces. `undefined` where something stands between
 * (HTTP/2, HTTP/1.0, a middleware that compresses) or another response comes first.
 */
function rawSocket(res: Response): Socket | undefined {
  const isPlain = !('stream' in res) && !res.flush && !Object.hasOwn(res, 'write');
  return isPlain && res.chunkedEncoding ? (res.socket ?? undefined) : undefined;
}

class NodeSink implements Sink {
  readonly #stream: StreamSource;
  readonly #res: Response;
  /** Takes whole chunks; `undefined` where the response makes them. */
  readonly #socket: Socket | undefined;

  constructor(stream: StreamSource, res: Response) {
    this.#stream = stream;
    this.#res = res;
    this.#socket = rawSocket(res);
  }

  write({ chunk, bytes }: Frame): boolean {
    const takesMore = this.#socket ? this.#socket.write(chunk) : this.#res.write(bytes);
    // The compression middleware holds back what is not flushed.
    this.#res.flush?.();
    if (!takesMore) (this.#socket ?? this.#res).once('drain', () => this.#stream.resume());
    return takesMore;
  }

  cork(): void {
    (this.#socket ?? this.#res).cork();
  }

  uncork(): void {
    (this.#socket ?? this.#res).uncork();
  }

  end(): void {
    this.#res.end();
  }

  cut(): void {
    this.#res.destroy();
  }
}
