import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Hub } from './Hub.js';
import { LOOPBACK_ONLY } from './cors.js';
import { isLoopback } from './loopback.js';
import { isHubPath } from './presence.js';

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
  return (req, res, next) => {
    if (next && !isHubPath(pathOf(req))) next();
    else void answer(hub, req, res, next);
  };
}

async function answer(
  hub: Hub,
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
    res.writeHead(400).end();
    return;
  }
  try {
    await send(await hub.fetch(request), res);
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

function toHeaders({ headers }: IncomingMessage): Headers {
  const result = new Headers();
  for (const [name, values] of Object.entries(headers)) {
    if (name.startsWith(':')) continue;
    for (const value of [values ?? []].flat()) result.append(name, value);
  }
  return result;
}

function toBody(req: MiddlewareRequest): BodyInit {
  const { body } = req;
  if (typeof body === 'string' || body instanceof Uint8Array) return body as BodyInit;
  if (typeof body !== 'object' || body === null || !req.readableEnded) {
    // Whoever stops reading still wants to answer.
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

/** Writes a response as fast as it is read, and lets go of it once nobody reads. */
async function send(
  response: Response,
  res: ServerResponse & { flush?: () => void },
): Promise<void> {
  if (res.destroyed) {
    await response.body?.cancel();
    return;
  }
  res.writeHead(response.status, Object.fromEntries(response.headers));
  const reader = response.body?.getReader();
  if (!reader) {
    res.end();
    return;
  }
  let resume: (() => void) | undefined;
  res.on('drain', () => resume?.());
  res.on('close', () => {
    // What has come to its end already has nothing to cancel.
    reader.cancel().catch(() => {});
    resume?.();
  });
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const isDrained = res.write(value);
    // The compression middleware holds back what is not flushed.
    res.flush?.();
    if (!isDrained && !res.destroyed) await new Promise<void>((resolve) => (resume = resolve));
  }
  res.end();
}
