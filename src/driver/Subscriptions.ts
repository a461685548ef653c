import { decodeBase64, type StreamEvent } from '../mercure/index.js';
import { cancelled } from './arguments.js';
import { encodeText } from './codec.js';
import { IDLE } from './idle.js';
import { deliver } from './deliver.js';
import type { Connection, DriverEvents, SignalHandler } from './Driver.js';
import type { HubClient } from './HubClient.js';
import type { SseDriverOptions } from './options.js';
import type { Lanes, LanesOwner } from './Lanes.js';
import type { Sequences } from './Sequences.js';
import { SignalingError, notLoaded } from './SignalingError.js';
import { Stream, type StreamOwner } from './Stream.js';
import { Topic } from './Topic.js';

/** What the driver is told. */
export interface SubscriptionsOwner {
  /** What an id of this driver's own updates begins with. */
  readonly publisherId: string;
  changed(): void;
  emit<E extends keyof DriverEvents>(event: E, ...args: DriverEvents[E]): void;
}

/** Who listens to what, and the streams it comes on: one for one topic, {@link Lanes} for several. */
export class Subscriptions implements StreamOwner, LanesOwner {
  readonly topics = new Map<string, Topic>();
  readonly streams = new Set<Stream>();
  readonly client: HubClient;
  readonly options: SseDriverOptions;
  readonly owner: SubscriptionsOwner;
  /** Lays them out where there are several. */
  lanes: Lanes | undefined;
  #sequences: Sequences | undefined;
  #lastError: SignalingError | undefined;
  #arranging = false;

  constructor(client: HubClient, options: SseDriverOptions, owner: SubscriptionsOwner) {
    this.client = client;
    this.options = options;
    this.owner = owner;
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

  get state(): Connection {
    const streams = [...this.streams];
    const lost = streams.find(({ trouble }) => trouble);
    if (lost?.trouble && !this.lanes?.serves()) return lost.trouble;
    if (streams.some(({ status }) => status === 'open')) return { ...IDLE, status: 'open' };
    const waits = [...this.topics.values()].some(({ error }) => !error);
    if (waits) return { ...IDLE, status: 'connecting' };
    const error = this.#lastError;
    return error ? { ...IDLE, status: 'closed', error } : IDLE;
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
    stream.fresh = new Set();
    for (const [name, topic] of topics) {
      // What is replayed on a topic is not for who did not listen then; a mark ends the replay.
      if (stream.namesTopics && !topic.accepted) stream.fresh.add(name);
      topic.accept();
    }
    this.#lastError = undefined;
    this.lanes?.opened(stream);
    this.#countAlong();
    this.arrangeSoon();
  }

  received(stream: Stream, event: StreamEvent): void {
    const names = this.lanes?.route(stream, event) ?? stream.topics;
    for (const name of names) {
      const topic = this.topics.get(name);
      if (topic && !stream.fresh.has(name)) this.#deliver(name, topic, event);
    }
  }

  failed(stream: Stream, error: SignalingError): void {
    this.drop(stream);
    const refused = this.lanes?.failed(stream, error) ?? stream.topics;
    for (const name of refused) this.#refuse(name, error);
    this.arrangeSoon();
  }

  changed(): void {
    this.owner.changed();
  }

  open(wanted: () => Iterable<string>, cursor?: string): Stream {
    const stream = new Stream(this.client, this.options, this, wanted, cursor);
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
    const names = topics.flatMap(([name, { accepted }]) => (accepted ? name : []));
    for (const name of names) this.#sequences?.forget(name);
    if (names.length > 0) this.owner.emit('gap', { topics: names, lastEventId, missed: undefined });
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

  /** Gives every topic a stream. What several of them need is loaded when there are several. */
  #arrange(): void {
    const wanted = [...this.topics].flatMap(([name, { error }]) => (error ? [] : name));
    if (this.lanes) return this.lanes.arrange(wanted);
    const [stream] = this.streams;
    const [name] = wanted;
    if (wanted.length > 1) this.#loadLanes();
    else if (stream && !stream.topics.has(name!)) this.drop(stream);
    if (name && this.streams.size === 0) this.open(() => [name]);
  }

  #countAlong(): void {
    import('./Sequences.js').then(
      ({ Sequences }) => (this.#sequences ??= new Sequences()),
      () => {},
    );
  }

  #loadLanes(): void {
    import('./Lanes.js').then(
      ({ Lanes }) => {
        this.lanes ??= new Lanes(this);
        this.arrangeSoon();
      },
      (cause) => this.report(notLoaded(cause)),
    );
  }

  #deliver(name: string, topic: Topic, { id, type, data }: StreamEvent): void {
    if (id !== undefined) {
      if (!topic.isNew(id)) return;
      const missed = this.#sequences?.missedBefore(name, id) ?? 0;
      if (missed > 0) this.owner.emit('gap', { topics: [name], lastEventId: undefined, missed });
    }
    const { encoding } = this.options;
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      bytes = encoding === 'text' ? encodeText(data) : decodeBase64(data);
    } catch (cause) {
      const message = `An update on "${name}" is not base64. Plain text needs \`encoding: 'text'\`.`;
      return this.report(new SignalingError('decode', message, { cause, topic: name }));
    }
    const own = id?.startsWith(this.owner.publisherId) ?? false;
    deliver(topic.handlers, bytes, { topic: name, id, type, own }, this.report);
  }

  #refuse(name: string, error: SignalingError): void {
    const topic = this.topics.get(name);
    if (!topic) return;
    this.#lastError = error;
    // Whoever waits is told by a rejection.
    if (topic.accepted) {
      const { code, message, status } = error;
      this.report(new SignalingError(code, message, { cause: error, status, topic: name }));
    }
    topic.refuse(error);
  }

  readonly report = (error: SignalingError): void => this.owner.emit('error', error);
}
