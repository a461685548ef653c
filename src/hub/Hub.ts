import { HUB_PATH, encodeMark, type Update } from '../mercure/index.js';
import { Audience } from './Audience.js';
import { Authorization } from './authorization.js';
import { allowOrigin, LOOPBACK_ONLY, preflight, staysOnMachine } from './cors.js';
import { EncodedUpdate } from './EncodedUpdate.js';
import { Faults, type Disruption } from './faults.js';
import { readForm } from './form.js';
import type { Grants } from './grants.js';
import { History } from './History.js';
import { resolveOptions, type HubOptions, type Settings } from './options.js';
import { describe, isHubPath, listSubscriptions } from './presence.js';
import { checkUpdate, readUpdate } from './publish.js';
import { Refusal } from './Refusal.js';
import { SelectorSet, type Selector } from './selectors.js';
import { readSubscription, streamHeaders, type SubscriptionRequest } from './subscribe.js';
import { Subscriber } from './Subscriber.js';
import { createUrn } from './uuid.js';

/** A Mercure hub in this process. */
export interface Hub {
  /** Whether it was made with `openToAll`. */
  readonly openToAll: boolean;
  /** How many streams are open. */
  readonly subscribers: number;
  /**
   * Answers a request to the hub's URL (`/.well-known/mercure`) or its presence API, and 404 to
   * others. It needs no `this`, so it can be handed to a server as it is.
   */
  readonly fetch: (request: Request) => Promise<Response>;
  /**
   * Publishes without asking for a token: for the code of the server itself.
   *
   * @returns the id of the update.
   * @throws an error that says why an update cannot be taken.
   */
  publish(update: Update): string;
  /** Makes it misbehave, for tests. A call replaces the one before: `{}` ends it. */
  disrupt(disruption: Disruption): void;
  /** Ends every stream cleanly and answers 503 from now on. No timer is left. */
  close(): void;
}

/**
 * Makes a Mercure hub that answers as hubs up to 0.24 and hubs of 1.0 do.
 *
 * @throws a `TypeError` where a number is negative or a key does not fit its algorithm.
 */
export function createHub(options: HubOptions = {}): Hub {
  return new EmbeddedHub(resolveOptions(options));
}

const METHODS: Record<Settings['protocol'], string> = {
  both: 'GET, POST, QUERY, OPTIONS',
  '0.x': 'GET, POST, OPTIONS',
  '1.0': 'GET, POST, QUERY, OPTIONS',
};

const encoder = new TextEncoder();

class EmbeddedHub implements Hub {
  readonly #settings: Settings;
  readonly #publishers: Authorization;
  readonly #subscriberTokens: Authorization;
  readonly #history: History;
  readonly #faults = new Faults();
  readonly #audience = new Audience();
  readonly #subscribers = new Set<Subscriber>();
  #closed = false;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#publishers = new Authorization(settings, settings.publisherJwt);
    this.#subscriberTokens = new Authorization(settings, settings.subscriberJwt);
    this.#history = new History({ updates: settings.history, bytes: settings.historyBytes });
  }

  get openToAll(): boolean {
    return this.#settings.openToAll;
  }

  get subscribers(): number {
    return this.#subscribers.size;
  }

  readonly fetch = async (request: Request): Promise<Response> => {
    let response: Response;
    try {
      response = await this.#route(request);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      response = error.toResponse();
    }
    allowOrigin(response.headers, request, this.#settings);
    response.headers.set('X-Content-Type-Options', 'nosniff');
    return response;
  };

  publish(update: Update): string {
    checkUpdate(update, this.#settings);
    return this.#dispatch(update);
  }

  disrupt(disruption: Disruption): void {
    this.#faults.set(disruption);
    if (disruption.forget) this.#history.clear();
    if (!disruption.streams) return;
    for (const subscriber of [...this.#subscribers]) this.#break(subscriber, disruption.streams);
  }

  close(): void {
    this.#closed = true;
    for (const subscriber of [...this.#subscribers]) subscriber.end();
  }

  async #route(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (!isHubPath(pathname)) throw new Refusal(404, 'Not Found');
    if (request.method === 'OPTIONS') return preflight();
    if (this.#settings.openToAll && !staysOnMachine(request, this.#settings)) {
      throw new Refusal(403, LOOPBACK_ONLY);
    }
    this.#faults.check();
    if (this.#closed) throw new Refusal(503, 'This hub is closing');
    if (pathname !== HUB_PATH) return this.#listSubscriptions(request);
    if (request.method === 'POST') return this.#receive(request);
    if (request.method === 'GET') {
      return this.#open(request, async () => new URL(request.url).searchParams);
    }
    if (request.method === 'QUERY' && this.#settings.protocol !== '0.x') {
      return this.#open(request, () => readForm(request, this.#settings));
    }
    throw new Refusal(405, 'Method Not Allowed', { Allow: METHODS[this.#settings.protocol] });
  }

  #break(subscriber: Subscriber, how: NonNullable<Disruption['streams']>): void {
    switch (how) {
      case 'end':
        return subscriber.end();
      case 'cut':
        return subscriber.cut();
      case 'freeze':
        this.#audience.delete(subscriber);
        return subscriber.freeze();
      case 'expire':
        this.#revoke(subscriber.grants);
        return subscriber.end();
    }
  }

  #revoke(grants: Grants | undefined): void {
    if (!grants) return;
    this.#publishers.revoke(grants.token);
    this.#subscriberTokens.revoke(grants.token);
  }

  async #receive(request: Request): Promise<Response> {
    const grants = await this.#publishers.authorize(request);
    if (!grants && !this.#settings.openToAll) throw this.#publishers.missing();
    if (grants && !grants.publish) throw this.#publishers.insufficient();
    const update = readUpdate(await readForm(request, this.#settings));
    checkUpdate(update, this.#settings);
    if (grants && !update.topics.every((topic) => grants.publish!.has(topic))) {
      throw this.#publishers.insufficient();
    }
    const id = this.#dispatch(update);
    return new Response(id, { headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
  }

  #dispatch(update: Update): string {
    const id = update.id ?? createUrn();
    const encoded = new EncodedUpdate(update, id, this.#settings.topics);
    this.#history.add(encoded);
    for (const subscriber of this.#audience.of(encoded.topics)) {
      const bytes = subscriber.view(encoded);
      if (bytes) subscriber.send(bytes);
    }
    return id;
  }

  async #open(request: Request, parameters: () => Promise<URLSearchParams>): Promise<Response> {
    const grants = await this.#subscriberTokens.authorize(request);
    if (!grants && !this.#settings.anonymous) throw this.#subscriberTokens.missing();
    const base = new URL(HUB_PATH, request.url).href;
    const settings = { ...this.#settings, base };
    const subscription = readSubscription(await parameters(), request.headers, settings);
    // What was true before the token was verified may not be so any more.
    if (this.#closed) throw new Refusal(503, 'This hub is closing');
    return this.#subscribe(subscription, grants);
  }

  /** Nothing is awaited in here, so that nothing falls between the history and what follows. */
  #subscribe({ cursor, ...asked }: SubscriptionRequest, grants: Grants | undefined): Response {
    const { heartbeatInterval, writeTimeout, topics: sendsMarks } = this.#settings;
    const subscriber = new Subscriber({
      selected: new SelectorSet(asked.selectors),
      grants,
      heartbeatInterval,
      writeTimeout,
      onLeave: (gone) => this.#remove(gone),
    });
    const { selectors } = subscriber.selected;
    const missed = cursor === undefined ? [] : this.#history.after(cursor);
    const { lastId } = this.#history;
    const backlog = (missed ?? []).flatMap((update) =>
      subscriber.selects(update) ? (subscriber.view(update) ?? []) : [],
    );
    if (sendsMarks) backlog.push(encoder.encode(encodeMark(lastId)));
    // 0.x does not tell subscribers of themselves, 1.0 does.
    this.#announce(subscriber, true, selectors.filter(isOlder));
    const stream = subscriber.open(backlog);
    this.#subscribers.add(subscriber);
    this.#audience.add(subscriber);
    this.#announce(
      subscriber,
      true,
      selectors.filter((selector) => !isOlder(selector)),
    );
    const resumedFrom = missed && cursor !== undefined ? cursor : lastId;
    return new Response(stream, { headers: streamHeaders(this.#settings, cursor, resumedFrom) });
  }

  #remove(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber);
    this.#audience.delete(subscriber);
    // An update may be under way to the others: what comes after it must not overtake it.
    queueMicrotask(() => {
      if (!this.#closed) this.#announce(subscriber, false);
    });
  }

  #announce(
    subscriber: Subscriber,
    active: boolean,
    selectors: readonly Selector[] = subscriber.selected.selectors,
  ): void {
    if (!this.#settings.subscriptions) return;
    for (const selector of selectors) {
      const document = describe(subscriber, selector, active);
      this.#dispatch({
        topics: [document.id],
        data: JSON.stringify(document, null, 2),
        private: true,
        ...(!isOlder(selector) && { type: 'mercure' }),
      });
    }
  }

  async #listSubscriptions(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const { subscriptions, protocol } = this.#settings;
    if (!subscriptions) throw new Refusal(404, 'Not Found');
    if (request.method !== 'GET') throw new Refusal(405, 'Method Not Allowed', { Allow: 'GET' });
    const grants = await this.#subscriberTokens.authorize(request);
    if (!grants) throw this.#subscriberTokens.missing();
    if (!grants.subscribe.has(pathname)) throw this.#subscriberTokens.insufficient();
    const { lastId } = this.#history;
    return listSubscriptions(pathname, this.#subscribers, { protocol, lastId });
  }
}

/** Whether a selector is one of 0.x. */
function isOlder({ type }: Selector): boolean {
  return type === 'topic';
}
