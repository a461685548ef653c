import { decodeBase64, type StreamEvent } from '../mercure/index.js';
import { text } from './codec.js';
import { deliver } from './deliver.js';
import type { Connection, Gap, SignalHandler } from './Driver.js';
import type { HubClient } from './HubClient.js';
import type { SseDriverOptions } from './options.js';
import { SignalingError } from './SignalingError.js';
import { Stream, type StreamOwner } from './Stream.js';
import { streamsAllowed } from './streamsAllowed.js';
import { Topic } from './Topic.js';
import { parseUpdateId } from './updateId.js';

/** What the driver is told. */
export interface SubscriptionsOwner {
  /** What an id of this driver's own updates begins with. */
  readonly publisherId: string;
  changed(): void;
  report(error: SignalingError): void;
  gap(gap: Gap): void;
}

/** Topics that share a stream. */
interface Lane {
  topics: Set<string>;
  stream: Stream;
  /** Streams that serve until `stream` is open. */
  replaced: Stream[];
}

/** With these a hub may refuse not a topic but so many of them. */
const TOO_MANY = [400, 413, 414, 431];

/**
 * Keeps the topics somebody listens to on as few streams as the hub allows.
 *
 * An update does not name its topic, so one stream for each topic is right on every hub. A hub that
 * names topics gets one stream for all: known by what it answers to the first stream, which
 * therefore opens alone, or by the first update that names them.
 */
export class Subscriptions implements StreamOwner {
  readonly #client: HubClient;
  readonly #options: SseDriverOptions;
  readonly #owner: SubscriptionsOwner;
  readonly #topics = new Map<string, Topic>();
  readonly #lanes = new Set<Lane>();
  /** Topics that ended with a final error and are not tried again by themselves. */
  readonly #failed = new Map<string, SignalingError>();
  #lastError: SignalingError | undefined;
  /** Whether topics share streams; `undefined` until the hub has shown what it does. */
  #shared: boolean | undefined;
  /** How many topics the hub takes on one stream. */
  #capacity = Infinity;
  #warned = false;
  #arranging = false;
  #lastPublished: string | undefined;

  constructor(client: HubClient, options: SseDriverOptions, owner: SubscriptionsOwner) {
    this.#client = client;
    this.#options = options;
    this.#owner = owner;
    const { multiplex = 'auto' } = options;
    if (multiplex !== 'auto') this.#shared = multiplex === 'always';
  }

  add(name: string, handler: SignalHandler): Promise<void> {
    const topic = this.#topics.get(name) ?? new Topic(name);
    this.#topics.set(name, topic);
    const accepted = topic.add(handler);
    this.#failed.delete(name);
    this.#arrangeSoon();
    return accepted;
  }

  remove(name: string, handler?: SignalHandler): void {
    const topic = this.#topics.get(name);
    if (!topic) return;
    topic.remove(handler);
    if (topic.handlers.size > 0) return;
    this.#topics.delete(name);
    this.#failed.delete(name);
    this.#arrangeSoon();
  }

  get state(): Omit<Connection, 'queued'> {
    const streams = [...this.#lanes].map(
      ({ stream, replaced }) => replaced.find(({ status }) => status === 'open') ?? stream,
    );
    const has = (status: Stream['status']) => streams.some((stream) => stream.status === status);
    const due = streams.flatMap(({ retryAt }) => retryAt ?? []);
    return {
      status: has('reconnecting')
        ? 'reconnecting'
        : has('open')
          ? 'open'
          : has('connecting')
            ? 'connecting'
            : this.#lastError
              ? 'closed'
              : this.#topics.size > 0
                ? 'connecting'
                : 'idle',
      error: streams.find(({ error }) => error)?.error ?? this.#lastError,
      attempt: Math.max(0, ...streams.map(({ attempt }) => attempt)),
      retryAt: due.length > 0 ? Math.min(...due) : undefined,
    };
  }

  /** Looks after every stream; `now`: opens it anew without asking, and what has failed again. */
  wake(now: boolean): void {
    for (const stream of this.#streams()) stream.wake(now);
    if (!now) return;
    this.#failed.clear();
    this.#arrangeSoon();
  }

  /** An update of this driver's own was taken: a stream that has heard nothing can go on from it. */
  published(id: string): void {
    this.#lastPublished = id;
    for (const stream of this.#streams()) stream.fallbackCursor ??= id;
  }

  close(error: SignalingError): void {
    for (const lane of this.#lanes) this.#closeLane(lane);
    for (const topic of this.#topics.values()) topic.refuse(error);
    this.#topics.clear();
  }

  opened(stream: Stream, lostAfter: string | undefined): void {
    const lane = this.#laneOf(stream);
    const topics = [...stream.topics].flatMap((name) => this.#topics.get(name) ?? []);
    if (lostAfter !== undefined) this.#reportGap(topics, lostAfter);
    for (const topic of topics) {
      if (!topic.accepted) stream.fresh.add(topic.name);
      topic.accept();
    }
    for (const replaced of lane.replaced.splice(0)) replaced.close();
    this.#lastError = undefined;
    this.#shared ??= stream.namesTopics;
    if (stream.namesTopics) this.#share();
    this.#arrange();
  }

  received(stream: Stream, event: StreamEvent): void {
    const names = this.#route(stream, event);
    if (!names) return this.#separate(stream);
    for (const name of names) {
      const topic = this.#topics.get(name);
      // What is replayed on a topic nobody listened to then is not for those who do now.
      if (topic && (stream.live || !stream.fresh.has(name))) this.#deliver(topic, event);
    }
    if (event.topics) this.#share();
  }

  failed(stream: Stream, error: SignalingError): void {
    const lane = this.#laneOf(stream);
    const refused = new Set(lane.topics);
    const predecessor = lane.replaced.pop();
    if (predecessor) {
      lane.stream = predecessor;
      lane.topics = new Set([...lane.topics].filter((name) => predecessor.topics.has(name)));
      for (const name of lane.topics) refused.delete(name);
    } else {
      this.#lanes.delete(lane);
    }
    if (TOO_MANY.includes(error.status!) && stream.topics.size > 1) {
      this.#capacity = Math.ceil(stream.topics.size / 2);
    } else {
      this.#shared ??= false;
      this.#refuse(refused, error);
    }
    this.#arrangeSoon();
  }

  changed(): void {
    this.#owner.changed();
  }

  /** The topics of an update; `undefined` where a shared stream cannot tell. */
  #route(stream: Stream, { topics, id }: StreamEvent): Iterable<string> | undefined {
    if (stream.topics.size === 1) return stream.topics;
    if (topics) return topics.filter((name) => stream.topics.has(name));
    if (this.#options.multiplex !== 'always') return undefined;
    const marked = id === undefined ? undefined : parseUpdateId(id)?.topic;
    return marked === undefined ? undefined : [marked];
  }

  #deliver(topic: Topic, event: StreamEvent): void {
    if (!topic.isNew(event.id)) return;
    const missed = topic.missedBefore(event.id);
    if (missed > 0) this.#owner.gap({ topics: [topic.name], lastEventId: undefined, missed });
    const { id, type } = event;
    const own = id?.startsWith(this.#owner.publisherId) ?? false;
    let data;
    try {
      data = this.#decode(event.data);
    } catch (cause) {
      return this.#owner.report(
        new SignalingError(
          'decode',
          `An update on "${topic.name}" is not base64. Where its publisher posts plain text, set \`encoding: 'text'\`.`,
          { cause, topic: topic.name },
        ),
      );
    }
    deliver(topic.handlers, data, { topic: topic.name, id, type, own }, this.#owner.report);
  }

  #decode(data: string): Uint8Array<ArrayBuffer> {
    if (this.#options.encoding === 'text') return text.encode(data) as Uint8Array<ArrayBuffer>;
    return decodeBase64(data);
  }

  #arrangeSoon(): void {
    this.#owner.changed();
    if (this.#arranging) return;
    this.#arranging = true;
    queueMicrotask(() => {
      this.#arranging = false;
      this.#arrange();
    });
  }

  /** Gives every topic a lane, every lane a stream that asks for all its topics, and no more. */
  #arrange(): void {
    const homeless = new Set(this.#topics.keys());
    for (const name of this.#failed.keys()) homeless.delete(name);
    for (const lane of this.#lanes) {
      for (const name of lane.topics) {
        if (!homeless.delete(name)) lane.topics.delete(name);
      }
      if (lane.topics.size === 0) this.#closeLane(lane);
    }
    for (const name of homeless) {
      const lane = this.#laneWithRoom();
      if (lane) lane.topics.add(name);
      else if (this.#mayOpenLane()) this.#openLane([name]);
      else break;
    }
    for (const lane of this.#lanes) this.#refresh(lane);
    this.#owner.changed();
  }

  #laneWithRoom(): Lane | undefined {
    if (!this.#shared) return undefined;
    return [...this.#lanes].find(({ topics }) => topics.size < this.#capacity);
  }

  #mayOpenLane(): boolean {
    if (this.#lanes.size === 0) return true;
    if (this.#shared === undefined) return false;
    if (this.#lanes.size < streamsAllowed(this.#client.url)) return true;
    if (!this.#warned) {
      this.#warned = true;
      this.#owner.report(
        new SignalingError(
          'connections',
          `Over HTTP/1.1 a page has six connections to a hub: ${this.#lanes.size} topics are open, the others wait until one is left, and publishing goes on. Serve the hub over HTTP/2 (https), use a hub that names topics, or set \`multiplex: 'always'\`.`,
        ),
      );
    }
    return false;
  }

  #openLane(names: Iterable<string>, replaced: Stream[] = [], cursor?: string): void {
    const topics = new Set(names);
    const lane = { topics, replaced } as Lane;
    this.#lanes.add(lane);
    this.#openStream(lane, cursor);
  }

  /** Opens a stream for all topics of a lane; what serves them now goes on until it is open. */
  #openStream(lane: Lane, cursor: string | undefined): void {
    lane.stream = new Stream(this.#client, this, this.#options, () => lane.topics, cursor);
    lane.stream.fallbackCursor = this.#lastPublished;
  }

  #refresh(lane: Lane): void {
    const { stream } = lane;
    // One that is not open asks for what is wanted then.
    if (stream.status !== 'open') return;
    const missing = [...lane.topics].filter((name) => !stream.topics.has(name));
    for (const name of lane.topics) if (stream.topics.has(name)) this.#topics.get(name)?.accept();
    if (missing.length === 0) return;
    lane.replaced.push(stream);
    this.#openStream(lane, stream.cursor);
  }

  /** The hub names topics: what has a stream of its own moves onto one. */
  #share(): void {
    if (this.#shared || this.#options.multiplex === 'never' || this.#separated) return;
    this.#shared = true;
    if (this.#lanes.size < 2) return;
    const streams = this.#streams();
    const names = [...this.#lanes].flatMap(({ topics }) => [...topics]);
    this.#lanes.clear();
    const oldest = streams.reduce((a, b) => (a.heardAt <= b.heardAt ? a : b));
    this.#openLane(names, streams, oldest.cursor);
  }

  #separated = false;

  /** A shared stream cannot tell whose an update is: every topic goes on by itself from before it. */
  #separate(stream: Stream): void {
    this.#separated = true;
    this.#shared = false;
    const { cursor } = stream;
    const lane = this.#laneOf(stream);
    const topics = [...lane.topics];
    this.#closeLane(lane);
    if (cursor === undefined) {
      this.#reportGap(topics.flatMap((name) => this.#topics.get(name) ?? []), undefined);
    }
    for (const name of topics) if (this.#mayOpenLane()) this.#openLane([name], [], cursor);
    this.#arrangeSoon();
  }

  #refuse(names: Iterable<string>, error: SignalingError): void {
    this.#lastError = error;
    let told = false;
    for (const name of names) {
      const topic = this.#topics.get(name);
      if (!topic) continue;
      told = topic.refuse(error) || told;
      if (topic.handlers.size > 0) this.#failed.set(name, error);
      else this.#topics.delete(name);
    }
    if (!told) this.#owner.report(error);
  }

  #reportGap(topics: Topic[], lastEventId: string | undefined): void {
    const affected = topics.filter(({ accepted }) => accepted);
    if (affected.length === 0) return;
    for (const topic of affected) topic.forgetSequences();
    this.#owner.gap({
      topics: affected.map(({ name }) => name),
      lastEventId,
      missed: undefined,
    });
  }

  #closeLane(lane: Lane): void {
    this.#lanes.delete(lane);
    for (const stream of [lane.stream, ...lane.replaced]) stream.close();
  }

  #streams(): Stream[] {
    return [...this.#lanes].flatMap(({ stream, replaced }) => [stream, ...replaced]);
  }

  #laneOf(stream: Stream): Lane {
    return [...this.#lanes].find((lane) => lane.stream === stream || lane.replaced.includes(stream))!;
  }
}
