import { destroyed } from '../arguments.js';
import type { Connection, DriverEvents, SignalHandler } from '../Driver.js';
import type { HubClient } from '../HubClient.js';
import { IDLE } from '../idle.js';
import { Lanes } from '../Lanes.js';
import type { SseDriverOptions } from '../options.js';
import { SignalingError } from '../SignalingError.js';
import type { Stream } from '../Stream.js';
import { Subscriptions } from '../Subscriptions.js';
import { Topic } from '../Topic.js';
import type { Ledger } from './Ledger.js';
import type { LeaderMessage, TabMessage } from './messages.js';

/** One post is given up after this many ms. */
const POST_TIMEOUT = 10_000;

/** Whoever asked longer ago than this, in ms, may have asked another leader since. */
const STALE_AFTER = 3_000;

/**
 * The one tab of a group that talks to the hub. It listens to what any member listens to, tells all
 * of them what it hears, and posts what they ask it to.
 */
export class Leader {
  readonly #client: HubClient;
  readonly #ledger: Ledger;
  readonly #say: (message: LeaderMessage) => void;
  readonly #subscriptions: Subscriptions;
  readonly #abort = new AbortController();
  /** Whether a stream has been open, so that its cursor says more than the last leader's. */
  #resumed = false;
  /** Whether topics share streams: where they do no more, each has a cursor of its own again. */
  #shared = false;
  #connection: Connection = IDLE;
  /** The topics whose refusal was told. */
  readonly #refused = new WeakSet<Topic>();

  /** @param say Tells it to every tab, this one included. */
  constructor(
    client: HubClient,
    options: SseDriverOptions,
    ledger: Ledger,
    say: (message: LeaderMessage) => void,
  ) {
    this.#client = client;
    this.#ledger = ledger;
    this.#say = say;
    this.#subscriptions = new Subscriptions(client, options, {
      // Whose an update is, each tab sees for itself.
      publisherId: ' ',
      changed: () => this.#tellChanges(),
      emit: (event, ...args) => this.#relay(event, ...args),
    });
  }

  /** Goes on where the leader before it was. */
  start(): void {
    const { topics } = this.#subscriptions;
    const { cursor, cursors } = this.#ledger;
    for (const name of this.#ledger.topics) this.#add(name);
    for (const [name, id] of cursors) {
      const topic = topics.get(name);
      if (topic) topic.cursor = cursor ?? id;
      topic?.accept();
    }
    const [first] = cursors.keys();
    const wanted = () => [...topics].flatMap(([name, { error }]) => (error ? [] : name));
    if (cursor !== undefined && topics.size > 0) this.#subscriptions.open(wanted, cursor);
    else if (first !== undefined) this.#subscriptions.open(() => [first], cursors.get(first));
    // Before the first update of many topics comes, there must be who tells them apart.
    if (this.#subscriptions.streams.size > 0)
      this.#subscriptions.lanes = new Lanes(this.#subscriptions);
    this.#subscriptions.arrangeSoon();
  }

  /** Does what a tab asks for, after the ledger has noted it. */
  hear(message: TabMessage): void {
    switch (message.type) {
      case 'join':
        return this.#arrange(message.topics);
      case 'change':
        this.#tryAgain(message.added);
        return this.#arrange(message.added);
      case 'post':
        return void this.#post(message);
      case 'wake':
        return this.#subscriptions.wake(message.now);
      case 'ping':
        return this.#say({ type: 'alive', cursor: this.#cursor });
    }
  }

  /** Tells what it knows, to whoever comes new. */
  introduce(): void {
    const { members } = this.#ledger;
    this.#say({ type: 'lead', members, cursor: this.#cursor, cursors: this.#cursors() });
    this.#say({ type: 'connection', ...this.#connection });
  }

  /** A member is gone. */
  dismiss(tab: string): void {
    this.#say({ type: 'left', tab });
    this.#arrange();
  }

  close(): void {
    this.#abort.abort();
    this.#subscriptions.close(destroyed());
  }

  /** Who asks anew for what has ended for good means it. */
  #tryAgain(names: readonly string[]): void {
    const { topics } = this.#subscriptions;
    for (const name of names) if (topics.get(name)?.error) topics.delete(name);
  }

  /** Listens to what is listened to, and tells who asks for `names` what is known of them. */
  #arrange(names: readonly string[] = []): void {
    const { topics } = this.#subscriptions;
    const wanted = this.#ledger.topics;
    for (const name of topics.keys()) if (!wanted.has(name)) this.#subscriptions.remove(name);
    for (const name of wanted) if (!topics.has(name)) this.#add(name);
    this.#subscriptions.arrangeSoon();
    for (const topic of names) {
      const error = topics.get(topic)?.error;
      if (error) this.#say({ type: 'refused', topic, error });
    }
    this.#tellAccepted(names.filter((name) => isServed(topics.get(name))));
  }

  #add(name: string): void {
    this.#subscriptions.topics.set(name, new Topic([this.#forward]));
  }

  readonly #forward: SignalHandler = (data, { topic, id, type }) => {
    const { size } = this.#subscriptions.streams;
    // The stream takes note of an id only after its update has been delivered.
    const cursor = this.#shares && size === 1 ? (id ?? this.#cursor) : this.#cursor;
    this.#say({ type: 'signal', topic, id, kind: type, data, cursor });
  };

  async #post({ tab, request, body, at }: TabMessage & { type: 'post' }): Promise<void> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), POST_TIMEOUT);
    const form = new URLSearchParams(body);
    let id = form.get('id') ?? '';
    let error: SignalingError | undefined;
    try {
      if (Date.now() - at > STALE_AFTER) throw lateRequest();
      const either = AbortSignal.any([this.#abort.signal, limit.signal]);
      id = (await this.#client.post(form, false, either)) || id;
      this.#subscriptions.published(id);
    } catch (reason) {
      error = reason as SignalingError;
    } finally {
      clearTimeout(timer);
    }
    // Whoever is deposed leaves the answer to the next one.
    if (!this.#abort.signal.aborted) this.#say({ type: 'posted', tab, request, id, error });
  }

  #relay<E extends keyof DriverEvents>(event: E, ...args: DriverEvents[E]): void {
    const [detail] = args as unknown[];
    if (event === 'error') this.#say({ type: 'error', error: detail as SignalingError });
    const gap = detail as DriverEvents['gap'][0];
    // A leader counts from where it began, a tab from where it has been before: it knows better.
    if (event === 'gap' && gap.missed === undefined) this.#say({ type: 'gap', ...gap });
  }

  #tellChanges(): void {
    this.#tellConnection();
    const { topics, state } = this.#subscriptions;
    if (state.status === 'open' && !this.#resumed) {
      this.#resumed = true;
      // It holds for the first streams only; from here on they know better.
      if (this.#shares) for (const topic of topics.values()) topic.cursor = undefined;
    }
    const wasShared = this.#shared;
    this.#shared = this.#shares;
    const news: string[] = [];
    for (const [name, topic] of topics) {
      if (topic.error) this.#tellRefused(name, topic, topic.error);
      else if (isServed(topic) && !this.#ledger.cursors.has(name)) news.push(name);
    }
    this.#tellAccepted(
      wasShared && !this.#shared ? [...this.#ledger.cursors.keys(), ...news] : news,
    );
  }

  #tellRefused(name: string, topic: Topic, error: SignalingError): void {
    if (this.#refused.has(topic)) return;
    this.#refused.add(topic);
    this.#say({ type: 'refused', topic: name, error });
  }

  #tellConnection(): void {
    const last = this.#connection;
    const next = this.#subscriptions.state;
    if ((Object.keys(next) as (keyof Connection)[]).every((key) => next[key] === last[key])) return;
    this.#connection = next;
    this.#say({ type: 'connection', ...next });
  }

  #tellAccepted(names: readonly string[]): void {
    if (names.length === 0) return;
    this.#say({ type: 'accepted', cursor: this.#cursor, cursors: this.#cursors(names) });
  }

  /** Whether streams carry several topics, so that one cursor holds for all. */
  get #shares(): boolean {
    const streams = [...this.#subscriptions.streams];
    return streams.some(({ namesTopics, topics }) => namesTopics || topics.size > 1);
  }

  /** Where the next leader goes on from: behind the id that was heard longest ago. */
  get #cursor(): string | undefined {
    if (!this.#resumed) return this.#ledger.cursor;
    if (!this.#shares) return undefined;
    const known = [...this.#subscriptions.streams].filter((stream) => cursorOf(stream));
    if (known.length === 0) return undefined;
    return cursorOf(known.reduce((a, b) => (a.heardAt <= b.heardAt ? a : b)));
  }

  /** Where the next leader goes on from with each of these topics. */
  #cursors(names: Iterable<string> = this.#ledger.cursors.keys()): Map<string, string | undefined> {
    const { topics } = this.#subscriptions;
    const cursors = new Map<string, string | undefined>();
    for (const name of names) {
      cursors.set(name, topics.get(name)?.cursor ?? this.#ledger.cursors.get(name));
    }
    for (const stream of this.#subscriptions.streams) {
      for (const name of stream.topics) if (cursors.has(name)) cursors.set(name, cursorOf(stream));
    }
    return cursors;
  }
}

function isServed(topic: Topic | undefined): boolean {
  return topic !== undefined && topic.accepted && !topic.error;
}

function cursorOf({ cursor, fallbackCursor }: Stream): string | undefined {
  return cursor ?? fallbackCursor;
}

function lateRequest(): SignalingError {
  return new SignalingError('unreachable', 'The tab that publishes for all was busy or frozen.');
}
