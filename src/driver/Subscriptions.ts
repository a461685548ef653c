import { decodeBase64, type StreamEvent } from '../mercure/index.js';
import { cancelled } from './arguments.js';
import { encodeText } from './codec.js';
import { deliver } from './deliver.js';
import type { Connection, DriverEvents, SignalHandler } from './Driver.js';
import type { HubClient } from './HubClient.js';
import type { SseDriverOptions } from './options.js';
import type { SharedStreams } from './SharedStreams.js';
import { SignalingError } from './SignalingError.js';
import { Stream, type StreamOwner } from './Stream.js';
import { Topic } from './Topic.js';

/** What the driver is told. */
export interface SubscriptionsOwner {
  /** What an id of this driver's own updates begins with. */
  readonly publisherId: string;
  changed(): void;
  emit<E extends keyof DriverEvents>(event: E, ...args: DriverEvents[E]): void;
}

/** Of the six connections a browser opens to an origin over HTTP/1.1, one is left to publish. */
const HTTP1_STREAMS = 5;

/**
 * Who listens to what, and the streams it comes on.
 *
 * An update does not name its topic, so one stream for each topic is right on every hub, and is what
 * this class does. Where the hub names topics, {@link SharedStreams} puts them together. Which hub
 * it is shows in its first answer; until then there is one stream, and other topics wait.
 */
export class Subscriptions implements StreamOwner {
  readonly topics = new Map<string, Topic>();
  readonly streams = new Set<Stream>();
  readonly client: HubClient;
  readonly options: SseDriverOptions;
  readonly owner: SubscriptionsOwner;
  #shared: SharedStreams | undefined;
  /** Whether to share streams; `undefined` until the hub has shown what it does. */
  #shares: boolean | undefined;
  #lastError: SignalingError | undefined;
  #lastPublished: string | undefined;
  #separated = false;
  #arranging = false;
  #limit = HTTP1_STREAMS;
  #limitKnown = false;

  constructor(client: HubClient, options: SseDriverOptions, owner: SubscriptionsOwner) {
    this.client = client;
    this.options = options;
    this.owner = owner;
    const { multiplex = 'auto' } = options;
    if (multiplex === 'always') this.#share();
    if (multiplex === 'never') this.#shares = false;
  }

  async add(name: string, handler: SignalHandler): Promise<void> {
    let topic = this.topics.get(name);
    if (!topic || topic.error) this.topics.set(name, (topic = new Topic(topic?.handlers)));
    topic.handlers.add(handler);
    this.arrangeSoon();
    try {
      await topic.ready;
    } catch (error) {
      this.remove(name, handler);
      throw error;
    }
    if (!topic.handlers.has(handler)) throw cancelled();
  }

  remove(name: string, handler?: SignalHandler): void {
    const topic = this.topics.get(name);
    if (!topic) return;
    if (handler) topic.handlers.delete(handler);
    else topic.handlers.clear();
    if (topic.handlers.size > 0) return;
    this.topics.delete(name);
    topic.refuse(cancelled());
    this.arrangeSoon();
  }

  get state(): Omit<Connection, 'queued'> {
    const lost = [...this.streams].filter(({ status }) => status === 'reconnecting');
    const open = [...this.streams].some(({ status }) => status === 'open');
    const unserved = lost.length > 0 && !this.#shared?.serves();
    const waits = [...this.topics.values()].some(({ error }) => !error);
    const status = () => {
      if (unserved) return 'reconnecting';
      if (open) return 'open';
      if (waits) return 'connecting';
      return this.#lastError ? 'closed' : 'idle';
    };
    return {
      status: status(),
      error: lost.find(({ error }) => error)?.error ?? this.#lastError,
      attempt: Math.max(0, ...lost.map(({ attempt }) => attempt)),
      retryAt: lost.length > 0 ? Math.min(...lost.map(({ retryAt }) => retryAt!)) : undefined,
    };
  }

  /** Looks after every stream; `now`: opens all anew, also what has ended for good. */
  wake(now: boolean): void {
    for (const stream of this.streams) stream.wake(now);
    if (!now) return;
    for (const [name, { error, handlers }] of this.topics) {
      if (error) this.topics.set(name, new Topic(handlers));
    }
    this.arrangeSoon();
  }

  /** The hub took an update of this driver: a stream that has heard nothing can go on from it. */
  published(id: string): void {
    this.#lastPublished = id;
    for (const stream of this.streams) stream.fallbackCursor ??= id;
  }

  close(error: SignalingError): void {
    for (const stream of this.streams) this.drop(stream);
    for (const topic of this.topics.values()) topic.refuse(error);
    this.topics.clear();
  }

  opened(stream: Stream, lostAfter: string | undefined): void {
    const topics = this.topicsOf(stream);
    if (lostAfter !== undefined) this.lost(topics, lostAfter);
    stream.fresh = new Set(topics.filter(([, { accepted }]) => !accepted).map(([name]) => name));
    for (const [, topic] of topics) topic.accept();
    this.#lastError = undefined;
    this.#shared?.opened(stream);
    if (stream.namesTopics) this.#share();
    else this.#shares ??= false;
    this.arrangeSoon();
  }

  received(stream: Stream, event: StreamEvent): void {
    const names = this.#shared ? this.#shared.route(stream, event) : stream.topics;
    for (const name of names) {
      const topic = this.topics.get(name);
      if (topic && !(stream.namesTopics && stream.fresh.has(name))) this.#deliver(name, topic, event);
    }
    if (event.topics) this.#share();
  }

  failed(stream: Stream, error: SignalingError): void {
    this.drop(stream);
    const refused = this.#shared ? this.#shared.failed(stream, error) : stream.topics;
    this.#shares ??= false;
    for (const name of refused) this.#refuse(name, error);
    this.arrangeSoon();
  }

  changed(): void {
    this.owner.changed();
  }

  open(wanted: () => Iterable<string>, cursor?: string): Stream {
    const stream = new Stream(this.client, this.options, this, wanted, cursor);
    stream.fallbackCursor = this.#lastPublished;
    this.streams.add(stream);
    return stream;
  }

  drop(stream: Stream): void {
    stream.close();
    this.streams.delete(stream);
  }

  /** The topics of a stream that somebody still listens to. */
  topicsOf(stream: Stream): [name: string, topic: Topic][] {
    return [...stream.topics].flatMap((name) => {
      const topic = this.topics.get(name);
      return topic ? [[name, topic] as [string, Topic]] : [];
    });
  }

  /** Tells that the hub cannot give back what these topics missed. */
  lost(topics: [string, Topic][], lastEventId: string | undefined): void {
    const affected = topics.filter(([, { accepted }]) => accepted);
    for (const [, topic] of affected) topic.forgetSequences();
    if (affected.length === 0) return;
    this.owner.emit('gap', { topics: affected.map(([name]) => name), lastEventId, missed: undefined });
  }

  arrangeSoon(): void {
    this.owner.changed();
    if (this.#arranging) return;
    this.#arranging = true;
    queueMicrotask(() => {
      this.#arranging = false;
      this.#arrange();
      this.owner.changed();
    });
  }

  /** Gives every topic a stream, and closes those nobody listens to. */
  #arrange(): void {
    const wanted = [...this.topics].flatMap(([name, { error }]) => (error ? [] : name));
    if (this.#shared) return this.#shared.arrange(wanted);
    if (this.#shares) return;
    const unserved = new Set(wanted);
    for (const stream of this.streams) {
      if (![...stream.topics].some((name) => unserved.delete(name))) this.drop(stream);
    }
    for (const name of unserved) {
      // The answer to the first shows whether the others need streams of their own.
      if (this.#shares === undefined && this.streams.size > 0) return;
      if (this.streams.size >= this.#limit) return this.#checkLimit();
      const topic = this.topics.get(name)!;
      this.open(() => [name], topic.cursor);
      topic.cursor = undefined;
    }
  }

  /** Past five streams a browser may have no connection left to publish. */
  #checkLimit(): void {
    if (this.#limitKnown) return;
    this.#limitKnown = true;
    import('./connectionLimit.js').then(({ limitsConnections, tooManyStreams }) => {
      if (limitsConnections(this.client.url)) return this.#report(tooManyStreams());
      this.#limit = Infinity;
      this.arrangeSoon();
    });
  }

  #share(): void {
    if (this.#shares || this.#separated || this.options.multiplex === 'never') return;
    this.#shares = true;
    import('./SharedStreams.js').then(
      ({ SharedStreams }) => {
        this.#shared = new SharedStreams(this);
        this.arrangeSoon();
      },
      () => {
        // Without it, each topic goes on by itself.
        this.#shares = false;
        this.arrangeSoon();
      },
    );
  }

  /** A shared stream cannot tell whose an update is: each topic goes on alone from before it. */
  separate(): void {
    this.#separated = true;
    this.#shares = false;
    this.#shared = undefined;
    for (const stream of this.streams) {
      for (const [, topic] of this.topicsOf(stream)) topic.cursor ??= stream.cursor;
      this.drop(stream);
    }
    this.arrangeSoon();
  }

  #deliver(name: string, topic: Topic, { id, type, data }: StreamEvent): void {
    if (id !== undefined) {
      if (!topic.isNew(id)) return;
      const missed = topic.missedBefore(id);
      if (missed > 0) this.owner.emit('gap', { topics: [name], lastEventId: undefined, missed });
    }
    const { encoding } = this.options;
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      bytes = encoding === 'text' ? encodeText(data) : decodeBase64(data);
    } catch (cause) {
      const message = `An update on "${name}" is not base64. If its publishers post plain text, set \`encoding: 'text'\`.`;
      return this.#report(new SignalingError('decode', message, { cause, topic: name }));
    }
    const own = id?.startsWith(this.owner.publisherId) ?? false;
    deliver(topic.handlers, bytes, { topic: name, id, type, own }, this.#report);
  }

  #refuse(name: string, error: SignalingError): void {
    const topic = this.topics.get(name);
    if (!topic) return;
    this.#lastError = error;
    // Whoever waits is told by a rejection.
    if (topic.accepted) this.#report(error);
    topic.refuse(error);
  }

  readonly #report = (error: SignalingError): void => this.owner.emit('error', error);
}
