import { once } from 'node:events';
import { Agent, createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { Random } from './random.js';

/** What becomes of one request. */
export type Fault =
  /** The hub never sees it; this is the answer. */
  | { kind: 'answer'; status: number; headers?: OutgoingHttpHeaders; body?: string }
  /** The connection breaks before the hub sees it. */
  | { kind: 'reset' }
  /** The hub never sees it, and nobody answers. */
  | { kind: 'hang' }
  /** The hub takes it, and the connection breaks before the answer. */
  | { kind: 'lose' }
  /** The connection breaks; the hub sees it only after `until`, so that others overtake it. */
  | { kind: 'overtaken'; until: Promise<unknown> }
  /** Goes through after so many ms. */
  | { kind: 'late'; delay: number };

/** How the bytes of a stream are changed on their way. */
export interface StreamShape {
  /** Ends its lines. Default: as the hub does, LF. */
  lineEnd?: '\n' | '\r\n' | '\r';
  /** Begins with a byte order mark. Default: `false`. */
  bom?: boolean;
  /** Every byte travels alone. Default: `false`. */
  byByte?: boolean;
  /** Response headers that do not get through, as CORS withholds them. Default: none. */
  withoutHeaders?: readonly string[];
}

/** A request as the proxy saw it. */
export interface SeenRequest {
  method: string;
  url: URL;
  /** In ms since the epoch. */
  at: number;
}

/**
 * What can happen between a client and its hub, at the level of HTTP and TCP. It decides nothing by
 * itself beyond where an update is cut, which its seed repeats.
 */
export class FaultProxy {
  /** Says what becomes of a request; `undefined`: it goes through. */
  decide: (request: IncomingMessage) => Fault | undefined = () => undefined;
  /** Changes the address a request asks the hub for. */
  rewrite: (url: URL) => void = () => {};
  shape: StreamShape = {};
  /** The streams that are open, the oldest first. */
  readonly streams = new Set<ProxiedStream>();
  /** How many there have been. */
  opened = 0;
  readonly requests: SeenRequest[] = [];
  /** Requests that are not over yet, streams among them. */
  inFlight = 0;
  readonly random: Random;
  readonly #target: URL;
  readonly #server: Server;
  readonly #agent = new Agent({ keepAlive: true });

  private constructor(target: string, seed: number) {
    this.#target = new URL(target);
    this.random = new Random(seed);
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  /** Stands in front of the hub at `target`. */
  static async start(target: string, seed = 1): Promise<FaultProxy> {
    const proxy = new FaultProxy(target, seed);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${this.#target.pathname}`;
  }

  /** How many subscriptions it has seen. */
  get subscriptions(): number {
    return this.requests.filter(({ method }) => method === 'GET' || method === 'QUERY').length;
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, this.#target);
    this.requests.push({ method: request.method!, url, at: Date.now() });
    this.inFlight++;
    response.once('close', () => this.inFlight--);
    const fault = this.decide(request);
    const body = Buffer.concat(await request.toArray().catch(() => []));
    switch (fault?.kind) {
      case 'hang':
        return;
      case 'reset':
        request.socket.resetAndDestroy();
        return;
      case 'answer':
        response.writeHead(fault.status, fault.headers).end(fault.body);
        return;
      case 'overtaken':
        request.socket.resetAndDestroy();
        await fault.until;
        break;
      case 'late':
        await new Promise((resolve) => setTimeout(resolve, fault.delay));
        break;
      case 'lose':
      case undefined:
    }
    this.rewrite(url);
    this.#forward(request, url, body, response, fault);
  }

  #forward(
    { method, headers }: IncomingMessage,
    url: URL,
    body: Buffer,
    response: ServerResponse,
    fault: Fault | undefined,
  ): void {
    const upstream = httpRequest(url, {
      method: method!,
      headers: { ...headers, host: url.host },
      agent: this.#agent,
    });
    upstream.once('error', () => response.destroy());
    upstream.once('response', (answer) => {
      if (fault?.kind === 'lose') {
        answer.resume().once('end', () => response.socket?.resetAndDestroy());
      } else if (fault?.kind === 'overtaken') {
        answer.resume();
      } else if (answer.headers['content-type']?.startsWith('text/event-stream')) {
        new ProxiedStream(answer, response, this);
      } else {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
        response.once('close', () => answer.destroy());
      }
    });
    if (fault?.kind !== 'overtaken') response.once('close', () => upstream.destroy());
    upstream.end(body);
  }
}

/** One stream on its way from the hub to its client. */
export class ProxiedStream {
  readonly #upstream: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #proxy: FaultProxy;
  #frozen = false;
  #endsWithin = false;
  #written = Promise.resolve();

  constructor(upstream: IncomingMessage, response: ServerResponse, proxy: FaultProxy) {
    this.#upstream = upstream;
    this.#response = response;
    this.#proxy = proxy;
    const headers = { ...upstream.headers };
    for (const name of proxy.shape.withoutHeaders ?? []) delete headers[name.toLowerCase()];
    response.writeHead(upstream.statusCode!, headers);
    response.flushHeaders();
    proxy.streams.add(this);
    proxy.opened++;
    if (proxy.shape.bom) response.write(Buffer.from([0xef, 0xbb, 0xbf]));
    upstream.on('data', (chunk: Buffer) => this.#pass(chunk));
    upstream.once('end', () => void this.#written.then(() => this.#frozen || response.end()));
    upstream.once('error', () => this.#frozen || response.destroy());
    response.once('close', () => {
      proxy.streams.delete(this);
      upstream.destroy();
    });
  }

  /** Breaks it off. */
  reset(): void {
    this.#response.socket?.resetAndDestroy();
  }

  /** Ends it as a hub does whose write time-out is over. */
  end(): void {
    this.#response.end();
  }

  /** Ends it in the same clean way, but within the next update. */
  endWithinUpdate(): void {
    this.#endsWithin = true;
  }

  /** Leaves it open and silent for good; what the hub still sends is gone. */
  freeze(): void {
    this.#frozen = true;
  }

  #pass(chunk: Buffer): void {
    if (this.#frozen || this.#response.writableEnded) return;
    const { lineEnd = '\n', byByte } = this.#proxy.shape;
    const bytes =
      lineEnd === '\n'
        ? chunk
        : Buffer.from(chunk.toString('latin1').replaceAll('\n', lineEnd), 'latin1');
    if (this.#endsWithin && chunk.length > 2) {
      this.#response.end(bytes.subarray(0, this.#proxy.random.between(1, bytes.length - 1)));
      this.#upstream.destroy();
    } else if (byByte) {
      this.#written = this.#written.then(() => this.#passByByte(bytes));
    } else {
      this.#response.write(bytes);
    }
  }

  async #passByByte(bytes: Buffer): Promise<void> {
    for (const byte of bytes) {
      if (this.#response.writableEnded || this.#response.destroyed) return;
      this.#response.write(Buffer.of(byte));
      await turn();
    }
  }
}
