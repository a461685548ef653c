import { HUB_PATH, type Update } from '../mercure/index.js';
import { Authorization } from './authorization.js';
import { Broker } from './Broker.js';
import { allowOrigin, isPreflight, LOOPBACK_ONLY, preflight, staysOnMachine } from './cors.js';
import type { Answer, HubRequest } from './exchange.js';
import { Faults, type Disruption } from './faults.js';
import { FormReader } from './form.js';
import type { Hub, HubStats } from './Hub.js';
import { resolveOptions, type HubOptions, type Settings } from './options.js';
import { checkUpdate, readUpdate } from './publish.js';
import { Refusal, unavailable } from './Refusal.js';
import { Revocations } from './revocation.js';
import { isOlder } from './selectors.js';
import { readSubscription, streamHeaders } from './subscribe.js';
import { checkPath, isHubPath, listSubscriptions } from './subscriptions.js';
import { fromRequest, toResponse } from './web.js';

/**
 * Makes a Mercure hub that answers as hubs up to 0.24 and hubs of 1.0 do.
 *
 * @throws a `TypeError` where a number is negative or a key does not fit its algorithm.
 */
export function createHub(options: HubOptions = {}): Hub {
  return new EmbeddedHub(resolveOptions(options));
}

const METHODS: Record<Settings['protocol'], string> = {
  both: 'GET, HEAD, POST, QUERY, OPTIONS',
  '0.x': 'GET, HEAD, POST, OPTIONS',
  '1.0': 'GET, HEAD, POST, QUERY, OPTIONS',
};

/** A hub that answers what is no `Request` too: a server of Node need not make one. */
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
    return toResponse(await this.answer(fromRequest(request)));
  };

  async answer(request: HubRequest): Promise<Answer> {
    let answer: Answer;
    try {
      answer = await this.#route(request);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { status, message: reason } = error;
      this.#settings.log?.({ event: 'refuse', method: request.method, status, reason });
      answer = error.toAnswer();
    }
    allowOrigin(answer.headers, request, this.#settings);
    answer.headers['X-Content-Type-Options'] = 'nosniff';
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

  async #route(request: HubRequest): Promise<Answer> {
    const { pathname } = request.url;
    if (!isHubPath(pathname)) throw new Refusal(404, 'Not Found');
    if (isPreflight(request)) return preflight();
    if (this.#settings.openToAll && !staysOnMachine(request, this.#settings)) {
      throw new Refusal(403, LOOPBACK_ONLY);
    }
    this.#faults.check();
    await this.#awaitReady();
    if (pathname !== HUB_PATH) return this.#listSubscriptions(request);
    if (request.method === 'POST') return this.#receive(request);
    const isQuery = request.method === 'QUERY' && this.#settings.protocol !== '0.x';
    if (request.method === 'GET' || isQuery) return this.#open(request);
    if (request.method === 'HEAD') return { ...(await this.#open(request)), body: '' };
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

  async #receive(request: HubRequest): Promise<Answer> {
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
    const headers = { 'Content-Type': 'text/plain; charset=utf-8' };
    return { status: 200, headers, body: id };
  }

  async #open(request: HubRequest): Promise<Answer> {
    const grants = await this.#subscribers.authorize(request);
    if (!grants && !this.#settings.anonymous) throw this.#subscribers.missing();
    const parameters = await this.#forms.readQuery(request);
    const asked = readSubscription(parameters, request, this.#settings);
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
      status: 200,
      headers: streamHeaders(this.#settings, [...selected].every(isOlder), resumption),
      body: this.#broker.createSubscriber(asked, grants),
    };
  }

  async #listSubscriptions(request: HubRequest): Promise<Answer> {
    const { pathname } = request.url;
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
