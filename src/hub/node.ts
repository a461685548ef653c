import type { IncomingMessage, ServerResponse } from 'node:http';
import { LOOPBACK_ONLY } from './cors.js';
import type { EmbeddedHub } from './EmbeddedHub.js';
import type { Hub } from './Hub.js';
import { isLoopback } from './loopback.js';
import { isHubPath } from './subscriptions.js';
import { isStreaming, writeStream } from './nodeStream.js';

/** A handler for `node:http`, Express, Connect and whatever else takes `(req, res, next)`. */
export type NodeHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next?: (error?: unknown) => void,
) => void;

/** What Express and Connect add to a request. */
interface MiddlewareRequest extends IncomingMessage {
  /** The URL before a router has cut its mount path off. */
  originalUrl?: string;
  /** What a body parser has made of the body. */
  body?: unknown;
}

/**
 * Lets a Node server answer as the hub, at `/.well-known/mercure`. Other paths go to `next`, or
 * get 404 where there is none. Body parsers may stand before it.
 */
export function toNodeHandler(hub: Hub): NodeHandler {
  if (!('answer' in hub)) throw new TypeError('`toNodeHandler` takes a hub made by `createHub`.');
  return (req, res, next) => {
    if (next && !isHubPath(pathOf(req))) next();
    else inTurn(res, () => void answer(hub as EmbeddedHub, req, res, next));
  };
}

/**
 * Answers a request once the ones before it on its connection (HTTP pipelining) are answered. Behind
 * a stream, which does not end, none ever is: then the connection is closed.
 */
function inTurn(res: ServerResponse, answer: () => void): void {
  // A response has its socket when it is its turn; HTTP/2 has no turns.
  if (res.socket || 'stream' in res) return answer();
  if (isStreaming(res.req.socket)) res.req.socket.destroy();
  else res.once('socket', answer);
}

async function answer(
  hub: EmbeddedHub,
  req: IncomingMessage,
  res: ServerResponse,
  next: ((error: unknown) => void) | undefined,
): Promise<void> {
  if (hub.openToAll && !isLoopback(req.socket.remoteAddress)) {
    res.writeHead(403, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${LOOPBACK_ONLY}\n`);
    return;
  }
  const request = toRequest(req);
  if (!request) {
    // `Request` refuses methods that are forbidden to pages, and hosts that are none.
    res.writeHead(req.method === 'TRACE' || req.method === 'CONNECT' ? 405 : 400).end();
    return;
  }
  try {
    const { stream, headers: streamHeaders, response } = await hub.answer(request);
    // A proxy must not send what comes next over a connection that is about to end.
    if (hub.stats.state === 'closed') res.shouldKeepAlive = false;
    if (stream) return writeStream(stream, streamHeaders, res);
    const { status, headers } = response;
    res.writeHead(status, Object.fromEntries(headers)).end(await response.text());
  } catch (error) {
    if (next && !res.headersSent && !req.destroyed) next(error);
    // The hub has cut the stream, or nobody is left to hear of it: neither is a clean end.
    else res.destroy();
  }
}

function pathOf({ originalUrl, url = '/' }: MiddlewareRequest): string {
  return (originalUrl ?? url).split('?', 1)[0]!;
}

/** `undefined` for what no `Request` can be made of. */
function toRequest(req: MiddlewareRequest): Request | undefined {
  const { method = 'GET', originalUrl, url = '/', headers } = req;
  const isSecure = 'encrypted' in req.socket;
  const host = headers.host ?? headers[':authority'] ?? 'localhost';
  const init: RequestInit & { duplex?: 'half' } = { method, headers: toHeaders(req) };
  if (method === 'POST' || method === 'QUERY') {
    init.body = toBody(req);
    init.duplex = 'half';
  }
  try {
    return new Request(
      `${isSecure ? 'https' : 'http'}://${host as string}${originalUrl ?? url}`,
      init,
    );
  } catch {
    return undefined;
  }
}

/** Reads `rawHeaders`, which has all of them: `headers` leaves some out, and takes memory. */
function toHeaders({ rawHeaders }: IncomingMessage): Headers {
  const result = new Headers();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (!name.startsWith(':')) result.append(name, rawHeaders[index + 1]!);
  }
  return result;
}

function toBody(req: MiddlewareRequest): BodyInit {
  const { body } = req;
  if (typeof body === 'string' || body instanceof Uint8Array) return body as BodyInit;
  if (typeof body !== 'object' || body === null || !req.readableEnded) {
    // The connection stays when reading stops early: the answer has to be written to it.
    return toStream(req.iterator({ destroyOnReturn: false }));
  }
  const form = new URLSearchParams();
  for (const [name, values] of Object.entries(body)) {
    // A repeated field is an array, or, where there are many, an object of indices.
    for (const value of typeof values === 'object' ? Object.values(values as object) : [values]) {
      form.append(name, String(value));
    }
  }
  return form.toString();
}

function toStream(chunks: AsyncIterable<Uint8Array>): ReadableStream {
  // The DOM's types do not know it yet.
  return (ReadableStream as unknown as { from(source: unknown): ReadableStream }).from(chunks);
}
