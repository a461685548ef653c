import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CURSOR_PARAMETERS, HUB_PATH } from '../../src/mercure/index.js';

/** What a hub sends to its subscribers. Fields are left out, empty or odd as a test wants them. */
export interface ScriptedUpdate {
  /** Default: `''`. */
  data?: string;
  id?: string;
  type?: string;
  retry?: number | string;
  /** The `topics:` fields. Default: none. */
  topics?: readonly string[];
}

/** A request as the hub got it. */
export interface SeenRequest {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  /** The fields of its body. */
  form: URLSearchParams;
  /** What a subscription asks for, in either version of the protocol. */
  selectors: string[];
  cursor: string | undefined;
}

const SELECTORS = ['topic', 'match', 'match_exact', 'match_urlpattern'];

/**
 * A hub over real HTTP that answers as a test says. By default it accepts everything: subscriptions
 * get a stream that begins with a comment, publishes get their id back and reach nobody.
 */
export class ScriptedHub {
  /** Answers a request, or leaves it open. */
  respond: (request: SeenRequest, reply: Reply) => unknown = (request, reply) =>
    request.method === 'POST' ? reply.answer(200, request.form.get('id')!) : reply.stream();
  /** The response headers of its streams. */
  headers: OutgoingHttpHeaders = {};
  readonly requests: SeenRequest[] = [];
  /** The streams that are open, the oldest first. */
  readonly streams = new Set<ScriptedStream>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  static async start(): Promise<ScriptedHub> {
    const hub = new ScriptedHub();
    hub.#server.listen(0, '127.0.0.1');
    await once(hub.#server, 'listening');
    return hub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${HUB_PATH}`;
  }

  get subscriptions(): SeenRequest[] {
    return this.requests.filter(({ method }) => method !== 'POST');
  }

  get publishes(): SeenRequest[] {
    return this.requests.filter(({ method }) => method === 'POST');
  }

  /** The newest stream. */
  get stream(): ScriptedStream {
    return [...this.streams].at(-1)!;
  }

  /** Sends an update on every stream that asked for its topic. */
  send(topic: string, update: ScriptedUpdate): void {
    for (const stream of this.streams) {
      if (stream.request.selectors.includes(topic)) stream.send(update);
    }
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await message.toArray().catch(() => []));
    const url = new URL(message.url!, this.url);
    const form = new URLSearchParams(body.toString());
    const fields = message.method === 'QUERY' ? form : url.searchParams;
    const request: SeenRequest = {
      method: message.method!,
      url,
      headers: message.headers,
      form,
      selectors: SELECTORS.flatMap((name) => fields.getAll(name)),
      cursor: fields.get(CURSOR_PARAMETERS[0]) ?? fields.get(CURSOR_PARAMETERS[1]) ?? undefined,
    };
    this.requests.push(request);
    await this.respond(request, new Reply(this, request, response));
  }
}

/** The answer to one request. */
export class Reply {
  readonly #hub: ScriptedHub;
  readonly #request: SeenRequest;
  readonly #response: ServerResponse;

  constructor(hub: ScriptedHub, request: SeenRequest, response: ServerResponse) {
    this.#hub = hub;
    this.#request = request;
    this.#response = response;
  }

  answer(status: number, body = '', headers: OutgoingHttpHeaders = {}): void {
    this.#response.writeHead(status, { 'Content-Type': 'text/plain', ...headers }).end(body);
  }

  /** @param greeting The first bytes. Default: a comment, as Mercure sends it. */
  stream(headers: OutgoingHttpHeaders = {}, greeting: string | Uint8Array = ':\n'): ScriptedStream {
    const all = { 'Content-Type': 'text/event-stream', ...this.#hub.headers, ...headers };
    this.#response.writeHead(200, all).flushHeaders();
    const stream = new ScriptedStream(this.#request, this.#response);
    this.#hub.streams.add(stream);
    this.#response.once('close', () => this.#hub.streams.delete(stream));
    if (greeting.length > 0) stream.write(greeting);
    return stream;
  }

  /** Breaks the connection. */
  reset(): void {
    this.#response.socket?.resetAndDestroy();
  }
}

/** An open stream. One that is written nothing is silent, as if its packets were dropped. */
export class ScriptedStream {
  readonly request: SeenRequest;
  readonly #response: ServerResponse;

  constructor(request: SeenRequest, response: ServerResponse) {
    this.request = request;
    this.#response = response;
  }

  write(bytes: string | Uint8Array): void {
    this.#response.write(bytes);
  }

  send({ data = '', id, type, retry, topics = [] }: ScriptedUpdate): void {
    let event = type === undefined ? '' : `event: ${type}\n`;
    if (retry !== undefined) event += `retry: ${retry}\n`;
    if (id !== undefined) event += `id: ${id}\n`;
    for (const topic of topics) event += `topics: ${topic}\n`;
    this.write(`${event}data: ${data}\n\n`);
  }

  /** Moves the cursor, without an update. */
  mark(id: string): void {
    this.write(`id: ${id}\n\n`);
  }

  comment(): void {
    this.write(':\n');
  }

  end(): void {
    this.#response.end();
  }

  reset(): void {
    this.#response.socket?.resetAndDestroy();
  }
}
