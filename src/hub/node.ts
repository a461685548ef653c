import type { IncomingMessage, ServerResponse } from 'node:http';
import { LOOPBACK_ONLY } from './cors.js';
import type { EmbeddedHub } from './EmbeddedHub.js';
import type { HubRequest } from './exchange.js';
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
  const request = fromIncoming(req);
  if (!request) {
    // Its `Host` is none.
    res.writeHead(400).end();
    return;
  }
  try {
    const { status, headers, body } = await hub.answer(request);
    // A proxy must not send what comes next over a connection that is about to end.
    if (hub.stats.state === 'closed') res.shouldKeepAlive = false;
    if (typeof body === 'string') res.writeHead(status, headers).end(body);
    else writeStream(body, headers, res);
  } catch (error) {
    if (next && !res.headersSent && !req.destroyed) next(error);
    // The hub has cut the stream, or nobody is left to hear of it: neither is a clean end.
    else res.destroy();
  }
}

function pathOf({ originalUrl, url = '/' }: MiddlewareRequest): string {
  return (originalUrl ?? url).split('?', 1)[0]!;
}

/** `undefined` where there is no such URL. */
function fromIncoming(req: MiddlewareRequest): HubRequest | undefined {
  const header = (name: string) => headerOf(req, name);
  const scheme = 'encrypted' in req.socket ? 'https' : 'http';
  const host = header('Host') ?? header(':authority') ?? 'localhost';
  const address = `${scheme}://${host}${req.originalUrl ?? req.url ?? '/'}`;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.username || url.password) return undefined;
  return {
    method: req.method ?? 'GET',
    url,
    header,
    read: (take, signal) => readBody(req, take, signal),
  };
}

/** Reads `rawHeaders`, which has all of them: `headers` leaves some out, and takes memory. */
function headerOf({ rawHeaders }: IncomingMessage, name: string): string | undefined {
  const wanted = name.toLowerCase();
  const values = rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]!.toLowerCase() === wanted,
  );
  if (values.length === 0) return undefined;
  return values.join(wanted === 'cookie' ? '; ' : ', ');
}

async function readBody(
  req: MiddlewareRequest,
  take: (bytes: Uint8Array) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const parsed = parsedBody(req);
  if (parsed === undefined) return readStream(req, take, signal);
  take(parsed);
  return true;
}

/** What a body parser before the hub has made of the body; `undefined` where it is still to be read. */
function parsedBody({ body, readableEnded }: MiddlewareRequest): Uint8Array | undefined {
  if (body instanceof Uint8Array) return body;
  if (typeof body === 'string') return Buffer.from(body);
  if (typeof body !== 'object' || body === null || !readableEnded) return undefined;
  const form = new URLSearchParams();
  for (const [name, values] of Object.entries(body)) {
    // A repeated field is an array, or, where there are many, an object of indices.
    for (const value of typeof values === 'object' ? Object.values(values as object) : [values]) {
      form.append(name, String(value));
    }
  }
  return Buffer.from(form.toString());
}

/** Leaves the connection open where reading ends early: the answer has to be written to it. */
async function readStream(
  req: IncomingMessage,
  take: (bytes: Uint8Array) => void,
  signal: AbortSignal,
): Promise<boolean> {
  if (req.readableEnded) return true;
  if (req.destroyed) throw brokenOff();
  return new Promise((resolve, reject) => {
    const stop = () => req.pause().off('data', onData);
    const onData = (bytes: Uint8Array) => {
      try {
        take(bytes);
      } catch (error) {
        stop();
        reject(error);
      }
    };
    req.on('data', onData);
    req.once('end', () => resolve(true));
    req.once('close', () => reject(brokenOff()));
    signal.addEventListener('abort', () => {
      stop();
      resolve(false);
    });
  });
}

const brokenOff = () => new Error('The body of the request broke off.');
