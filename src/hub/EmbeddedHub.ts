import { HUB_PATH, type Update } from '../mercure/index.js';
import { Authorization } from './authorization.js';
import { Broker } from './Broker.js';
import { allowOrigin, isPreflight, LOOPBACK_ONLY, preflight, staysOnMachine } from './cors.js';
import { Faults, type Disruption } from './faults.js';
import { FormReader } from './form.js';
import type { Hub, HubStats } from './Hub.js';
import { resolveOptions, type HubOptions, type Settings } from './options.js';
import { checkUpdate, readUpdate } from './publish.js';
import { Refusal, unavailable } from './Refusal.js';
import { Revocations } from './revocation.js';
import { isOlder } from './selectors.js';
import { toResponse, type StreamSource } from './Sink.js';
import { readSubscription, streamHeaders } from './subscribe.js';
import { checkPath, isHubPath, listSubscriptions } from './subscriptions.js';

/**
 * Makes a Mercure hub that answers as hubs up to 0.24 and hubs of 1.0 do.
 *
 * @throws a `TypeError` where a number is negative or a key does not fit its algorithm.
 */
export function createHub(options: HubOptions = {}): Hub {
  return new EmbeddedHub(resolveOptions(options));
}

/** How a request is answered. */
export type Answer =
  | { response: Response; headers?: undefined; stream?: undefined }
  | { response?: undefined; headers: Headers; stream: StreamSource };

const METHODS: Record<Settings['protocol'], string> = {
  both: 'GET, HEAD, POST, QUERY, OPTIONS',
  '0.x': 'GET, HEAD, POST, OPTIONS',
  '1.0': 'GET, HEAD, POST, QUERY, OPTIONS',
};

/** A hub whose streams can be written to something else than the body of a `Response`. */
export class EmbeddedHub implements Hub {
  readonly #settings: Settings;
  readonly #publishers: Authorization;
  readonly #subscribers: Authorization;
  readonly #forms: FormReader;
  readonly #faults = new Faults();
  readonly #broker: Broker;
  #state: HubStats['state'] = 'starting';

  constructor(settings: Settings) {
    const revocations = new Revocations();
    this.#settings = settings;
    this.#publishers = new Authorization(settings, 'publisherJwt', revocations);
    this.#subscribers = new Authorization(settings, 'subscriberJwt', revocations);
    this.#forms = new FormReader(settings);
    this.#broker = new Broker(settings, revocations);
    // Requests wait for it, and fail with it.
    this.ready.then(
      () => this.#move('ready'),
      () => this.#move('failed'),
    );
  }

  get ready(): Promise<void> {
    return this.#broker.ready;
  }

  get openToAll(): boolean {
    return this.#settings.openToAll;
  }

  get subscribers(): number {
    return this.#broker.size;
  }

  get stats(): HubStats {
    return { state: this.#state, ...this.#broker.stats };
  }

  readonly fetch = async (request: Request): Promise<Response> => {
    const { response, stream, headers } = await this.answer(request);
    return stream ? toResponse(stream, headers) : response;
  };

  /** Answers a request by a response or by a stream. */
  async answer(request: Request): Promise<Answer> {
    let answer: Answer;
    try {
      answer = await this.#route(request);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { status, message: reason } = error;
      this.#settings.log?.({ event: 'refuse', method: request.method, status, reason });
      answer = { response: error.toResponse() };
    }
    const headers = answer.headers ?? answer.response.headers;
    allowOrigin(headers, request, this.#settings);
    headers.set('X-Content-Type-Options', 'nosniff');
    return answer;
  }

  async publish(update: Update): Promise<string> {
    checkUpdate(update, this.#settings);
    this.#refuseIfClosed();
    return this.#broker.publish(update);
  }

  revoke(token: string): Promise<void> {
    return this.#broker.revoke(token);
  }

  disrupt(disruption: Disruption): void {
    this.#faults.set(disruption);
    if (disruption.forget) this.#broker.history.restart();
    if (disruption.streams) this.#broker.disrupt(disruption.streams);
  }

  async close({ within = 0 }: { within?: number } = {}): Promise<void> {
    this.#state = 'closed';
    await this.#broker.close(within);
  }

  #move(state: 'ready' | 'failed'): void {
    if (this.#state === 'starting') this.#state = state;
  }

  async #route(request: Request): Promise<Answer> {
    const { pathname } = new URL(request.url);
    if (!isHubPath(pathname)) throw new Refusal(404, 'Not Found');
    if (isPreflight(request)) return { response: preflight() };
    if (this.#settings.openToAll && !staysOnMachine(request, this.#settings)) {
      throw new Refusal(403, LOOPBACK_ONLY);
    }
    this.#faults.check();
    await this.#awaitReady();
    if (pathname !== HUB_PATH) return { response: await this.#listSubscriptions(request) };
    if (request.method === 'POST') return { response: await this.#receive(request) };
    const isQuery = request.method === 'QUERY' && this.#settings.protocol !== '0.x';
    if (request.method === 'GET' || isQuery) return this.#open(request);
    if (request.method === 'HEAD') {
      const { headers } = await this.#open(request);
      return { response: new Response(null, { headers }) };
    }
    throw new Refusal(405, 'Method Not Allowed', { Allow: METHODS[this.#settings.protocol] });
  }

  async #awaitReady(): Promise<void> {
    try {
      await this.ready;
    } catch {
      throw unavailable();
    }
    this.#refuseIfClosed();
  }

  #refuseIfClosed(): void {
    if (this.#state === 'closed') throw new Refusal(503, 'This hub is closing');
  }

  async #receive(request: Request): Promise<Response> {
    const grants = await this.#publishers.authorize(request);
    if (!grants && !this.#settings.openToAll) throw this.#publishers.missing();
    if (grants && !grants.publish) throw this.#publishers.insufficient();
    const update = readUpdate(await this.#forms.readBody(request));
    checkUpdate(update, this.#settings);
    if (grants && !update.topics.every((topic) => grants.publish!.has(topic))) {
      throw this.#publishers.insufficient();
    }
    await this.#publishers.confirm(grants);
    const id = await this.#broker.publish(update);
    return new Response(id, { headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
  }

  async #open(request: Request): Promise<{ headers: Headers; stream: StreamSource }> {
    const grants = await this.#subscribers.authorize(request);
    if (!grants && !this.#settings.anonymous) throw this.#subscribers.missing();
    const parameters = await this.#forms.readQuery(request);
    const asked = readSubscription(parameters, request.headers, this.#settings);
    const { cursor, selected } = asked;
    if (cursor !== undefined) await this.#broker.awaitCursor(cursor);
    // What was true before is perhaps so no more.
    await this.#subscribers.confirm(grants);
    this.#refuseIfClosed();
    if (this.subscribers >= this.#settings.maxSubscribers) {
      throw new Refusal(503, 'This hub has as many subscribers as it takes', {
        'Retry-After': '1',
      });
    }
    const resumption = cursor === undefined ? undefined : this.#broker.resumptionOf(cursor, grants);
    return {
      headers: streamHeaders(this.#settings, [...selected].every(isOlder), resumption),
      stream: this.#broker.createSubscriber(asked, grants),
    };
  }

  async #listSubscriptions(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const { subscriptions, protocol } = this.#settings;
    if (!subscriptions) throw new Refusal(404, 'Not Found');
    checkPath(pathname, protocol);
    if (request.method !== 'GET') throw new Refusal(405, 'Method Not Allowed', { Allow: 'GET' });
    const grants = await this.#subscribers.authorize(request);
    if (!grants) throw this.#subscribers.missing();
    if (!grants.subscribe.has(pathname)) throw this.#subscribers.insufficient();
    // Before the list: who comes while that is fetched is announced behind this id.
    const lastId = this.#broker.history.lastIdFor(grants);
    const found = await this.#broker.listSubscriptions();
    return listSubscriptions(pathname, found, { protocol, lastId });
  }
}
