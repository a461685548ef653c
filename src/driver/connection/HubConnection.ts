import type { StreamEvent, Update } from '../../mercure/index.js';
import { readHeartbeatTimeout, type SseDriverOptions } from '../options.js';
import { SignalingError } from '../SignalingError.js';
import { namesOf, type TopicSet } from '../topics.js';
import { parseUpdateId } from '../updateId.js';
import { CONNECTING, OPEN, type Connection, type ConnectionOwner } from './Connection.js';
import { HTTP2_STREAMS, http1Streams, isInBrowser, tooManyStreams } from './connectionLimit.js';
import { HubClient, type StreamAnswer } from './HubClient.js';
import { layout, type HubFacts } from './layout.js';
import { Liveness } from './Liveness.js';
import { Load } from './Load.js';
import { Replays } from './Replays.js';
import { Stream, type Position, type StreamOwner } from './Stream.js';

/** A stream that was silent for this long, in ms, is looked after when the page wakes. */
const PROBE_AFTER = 5_000;

/**
 * A connection to a hub over HTTP: the streams that the wanted subscriptions need.
 *
 * A change of subscriptions opens the new stream first, behind the cursor of the old one, and
 * closes the old one once it is open.
 */
export class HubConnection implements Connection, StreamOwner {
  readonly #options: SseDriverOptions;
  readonly #owner: ConnectionOwner;
  readonly #client: HubClient;
  readonly #liveness: Liveness;
  readonly #streams = new Set<Stream>();
  /** Where each subscription is, once the hub has accepted it: that of the stream it is on. */
  readonly #positions: Map<string, Position>;
  readonly #replays: Replays;
  readonly #facts: HubFacts;
  #wanted: ReadonlyMap<string, TopicSet> = new Map();
  /** Whether the hub may be believed where it names topics. */
  #mayShare: boolean;
  /** Whether a refused subscription, not their number, may be why streams were refused. */
  #isLimitInDoubt = false;
  #echoes = false;
  #limitReported = false;
  #isArranging = false;

  /** @param resume Where subscriptions go on that another connection has served. */
  constructor(
    options: SseDriverOptions,
    owner: ConnectionOwner,
    resume: ReadonlyMap<string, Position> = new Map(),
  ) {
    const { multiplex = 'auto' } = options;
    this.#options = options;
    this.#owner = owner;
    this.#client = new HubClient(options);
    this.#liveness = new Liveness(readHeartbeatTimeout(options));
    this.#positions = new Map(resume);
    this.#replays = new Replays({
      received: owner.received,
      gap: owner.gap,
      report: owner.report,
      open: (set, replays) => this.#createStream(new Load([set]), beginning(set), replays),
      caughtUp: (key) => {
        for (const { carried, number } of this.#streams)
          if (carried.has(key)) owner.linked([key], OPEN, number);
      },
      refused: (keys, error) => {
        for (const key of keys) this.#refuse(key, error);
      },
    });
    this.#mayShare = multiplex !== 'never';
    this.#facts = {
      namesTopics: multiplex === 'auto' ? undefined : this.#mayShare,
      marksReplay: false,
      maxSelectors: Infinity,
      maxStreams: Infinity,
    };
  }

  want(sets: ReadonlyMap<string, TopicSet>): void {
    this.#wanted = sets;
    // At once: what leaves and comes back before the streams are arranged begins anew.
    for (const key of this.#positions.keys()) if (!sets.has(key)) this.#positions.delete(key);
    this.#replays.keep(sets);
    this.#arrangeSoon();
  }

  async post(
    update: Update,
    options: { keepalive: boolean; signal: AbortSignal },
  ): Promise<string> {
    const hearing = this.#expectEcho(update);
    let id = '';
    try {
      id = await this.#client.post(update, options);
    } finally {
      for (const stream of hearing) stream.confirm(update.id!, id === update.id);
    }
    for (const stream of this.#streams) {
      if (!stream.isOpen || stream.position.cursor !== undefined || id === '') continue;
      stream.position.cursor = id;
      this.moved(stream);
    }
    return id;
  }

  wake(force: boolean): void {
    this.#replays.wake(force);
    for (const stream of this.#streams) {
      stream.wake(force);
      if (!force && stream.isOpen && stream.silence > PROBE_AFTER) stream.isSuspect = true;
    }
    this.#arrangeSoon();
  }

  close(): void {
    this.#wanted = new Map();
    this.#replays.keep(this.#wanted);
    for (const stream of this.#streams) this.#drop(stream);
  }

  opened(stream: Stream, asked: string | undefined, answer: StreamAnswer): void {
    const { keys } = stream.carried;
    const isKnown = (key: string): boolean =>
      this.#positions.has(key) || (asked !== undefined && this.#wanted.get(key)?.since === asked);
    const known = keys.filter(isKnown);
    if (asked === undefined) {
      this.#reportGap(
        known.filter((key) => !this.#isServed(key, stream)),
        undefined,
      );
    } else if (answer.isShort) this.#reportGap(known, asked);
    // The replay is not for those that were not there, if its end will show.
    if (answer.marksReplay) for (const key of keys) if (!isKnown(key)) stream.late.add(key);
    const present = keys.filter((key) => !stream.late.has(key));
    for (const key of present) if (this.#wanted.has(key)) this.#positions.set(key, stream.position);
    if (this.#facts.namesTopics === undefined) {
      this.#facts.namesTopics = false;
      this.#facts.marksReplay = answer.marksReplay;
    }
    if (answer.namesTopics) this.#share();
    if (stream.position.cursor !== undefined) this.moved(stream);
    const isBehind = (key: string): boolean => this.#wanted.get(key)?.since !== undefined;
    this.#owner.linked(present.filter(isBehind), CONNECTING, stream.number);
    this.#owner.linked(
      present.filter((key) => !isBehind(key)),
      OPEN,
      stream.number,
    );
    this.#arrangeSoon();
  }

  caughtUp({ carried, late, position, number }: Stream): void {
    const behind = carried.keys.filter((key) => this.#wanted.get(key)?.since !== undefined);
    for (const key of late) {
      const set = this.#wanted.get(key);
      if (!set) continue;
      this.#positions.set(key, position);
      if (set.since !== undefined) this.#replays.add(set);
    }
    const caughtUp = new Set([...late, ...behind].filter((key) => !this.#replays.has(key)));
    late.clear();
    if (caughtUp.size > 0) this.#owner.linked(caughtUp, OPEN, number);
  }

  received(stream: Stream, event: StreamEvent): boolean {
    if (event.topics) this.#share();
    const keys = this.#route(stream, event);
    if (!keys) {
      this.#separate();
      return false;
    }
    const { late } = stream;
    const present = late.size === 0 ? keys : keys.filter((key) => !late.has(key));
    const due = this.#replays.hold(present, event);
    this.#echoes ||= event.id !== undefined && parseUpdateId(event.id) !== undefined;
    this.#owner.received(due, event, stream.number);
    return true;
  }

  moved(stream: Stream): void {
    this.#owner.moved(stream.number, stream.position.cursor!);
  }

  lost(stream: Stream): void {
    const { error, attempt } = stream.link;
    // Only the first in a row: the state tells the others.
    if (error?.code === 'credentials' && attempt === 1) this.#owner.report(error);
    this.#dropSuspects(stream);
    if (error && stream.carried.size > 1 && this.#client.mayLackQuery(stream.carried.selectors)) {
      this.#drop(stream);
      this.#split(stream);
    }
    const unserved = stream.carried.keys.filter((key) => !this.#isServed(key));
    this.#owner.linked(unserved, stream.link, stream.number);
    this.#arrangeSoon();
  }

  refused(stream: Stream, error: SignalingError): void {
    this.#drop(stream);
    this.#dropSuspects(stream);
    // What served before goes on serving.
    for (const other of this.#streams)
      if (other.carried.overlaps(stream.carried)) other.isRetiring = false;
    const keys = stream.carried.keys.filter((key) => this.#wanted.has(key));
    const unserved = keys.filter((key) => !this.#isServed(key));
    const isLockedOut = unserved.length > 0 && this.#isLockedOut(keys, error);
    if (keys.length > 1 && !isLockedOut) this.#split(stream);
    else for (const key of unserved) this.#refuse(key, error);
    this.#arrangeSoon();
  }

  stalled(stream: Stream): void {
    const open = [...this.#streams].filter(({ isOpen }) => isOpen).length;
    if (stream.isRetiring || open < HTTP2_STREAMS || open >= this.#facts.maxStreams) return;
    if (!isInBrowser()) return;
    // The browser holds it back, and would hold back a publish.
    this.#facts.maxStreams = open - 1;
    this.#arrangeSoon();
  }

  doubted(stream: Stream): void {
    stream.isSuspect = true;
    this.#arrangeSoon();
  }

  report(error: SignalingError): void {
    this.#owner.report(error);
  }

  #arrangeSoon(): void {
    if (this.#isArranging) return;
    this.#isArranging = true;
    queueMicrotask(() => {
      this.#isArranging = false;
      this.#arrange();
    });
  }

  #arrange(): void {
    const streams = [...this.#streams].filter(({ isRetiring }) => !isRetiring);
    // Once all others are open, they are tried together again.
    if (this.#isLimitInDoubt && streams.every(({ isOpen }) => isOpen)) {
      this.#isLimitInDoubt = false;
      this.#facts.maxSelectors = Infinity;
    }
    const facts = { ...this.#facts, maxStreams: this.#maxStreams };
    const { lanes, waiting } = layout([...this.#wanted.values()], streams, facts);
    const kept = new Set(lanes.map(({ stream }) => stream));
    for (const stream of streams) stream.isRetiring = !kept.has(stream);
    for (const { sets, stream } of lanes) {
      if (stream) this.#assign(stream, new Load(sets));
      else this.#open(new Load(sets));
    }
    this.#closeRetired();
    if (waiting.length > 0) this.#reportLimit();
  }

  #assign(stream: Stream, assigned: Load): void {
    stream.assigned = assigned;
    if (!stream.isOpen) return;
    // Subscriptions that have left and come back are served as they were.
    const back = assigned.keys.filter((key) => !this.#positions.has(key) && !stream.late.has(key));
    for (const key of back) this.#positions.set(key, stream.position);
    if (back.length > 0) this.#owner.linked(back, stream.link, stream.number);
  }

  /** Opens a stream that goes on where its subscriptions are: behind what was heard longest ago. */
  #open(assigned: Load): void {
    const positions = assigned.keys.flatMap((key) => this.#positions.get(key) ?? []);
    const known = positions.filter(({ cursor }) => cursor !== undefined);
    const [oldest] = known.sort((a, b) => a.heardAt - b.heardAt);
    const first = this.#wanted.get(assigned.keys[0]!)!;
    this.#streams.add(this.#createStream(assigned, { ...(oldest ?? beginning(first)) }, this));
  }

  #createStream(assigned: Load, position: Position, owner: StreamOwner): Stream {
    return new Stream(this.#client, this.#options, this.#liveness, owner, assigned, position);
  }

  /** A stream that is replaced serves until what replaces it is open. */
  #closeRetired(): void {
    const successors = new Map<string, Stream>();
    for (const stream of this.#streams) {
      if (!stream.isRetiring) for (const key of stream.assigned.keys) successors.set(key, stream);
    }
    for (const stream of this.#streams) {
      if (!stream.isRetiring) continue;
      const isAwaited = stream.carried.keys.some((key) => successors.get(key)?.isOpen === false);
      if (!stream.isOpen || !isAwaited) this.#drop(stream);
    }
  }

  /** The streams on which an update must come back, perhaps before its `POST` is answered. */
  #expectEcho({ id, topics, private: isPrivate }: Update): Stream[] {
    if (!this.#echoes || isPrivate || id === undefined) return [];
    const hearing = [...this.#streams].filter(
      ({ isOpen, carried }) => isOpen && carried.keysOf(topics).length > 0,
    );
    for (const stream of hearing) stream.expect(id);
    return hearing;
  }

  #drop(stream: Stream): void {
    stream.close();
    this.#streams.delete(stream);
  }

  /** The subscriptions that an update is for; `undefined` where nothing tells. */
  #route({ carried }: Stream, { topics, id = '' }: StreamEvent): readonly string[] | undefined {
    if (carried.size === 1) return carried.keys;
    const marked = this.#options.multiplex === 'always' ? parseUpdateId(id)?.topic : undefined;
    const keys = carried.keysOf(topics ?? (marked === undefined ? [] : [marked]));
    return keys.length > 0 ? keys : undefined;
  }

  #share(): void {
    if (!this.#mayShare || this.#facts.namesTopics) return;
    this.#facts.namesTopics = true;
    this.#arrangeSoon();
  }

  /**
   * An update on a shared stream cannot be attributed: the hub names no topics, or only those that
   * a token grants. Each subscription goes on by itself, from before that update.
   */
  #separate(): void {
    this.#mayShare = this.#facts.namesTopics = false;
    for (const stream of this.#streams) if (stream.carried.size > 1) this.#drop(stream);
    this.#arrangeSoon();
  }

  /** So many at once do not get through, or one of them does not: half of them are asked for. */
  #split({ carried }: Stream): void {
    this.#facts.maxSelectors = Math.ceil(carried.selectors.length / 2);
  }

  #refuse(key: string, error: SignalingError): void {
    this.#positions.delete(key);
    this.#isLimitInDoubt = true;
    const set = this.#wanted.get(key);
    const { code, message, status } = error;
    const topic = set && namesOf(set).join(', ');
    this.#owner.refused(key, new SignalingError(code, message, { cause: error, status, topic }));
  }

  /** Whether the credentials have ended: the hub had accepted each of these with them. */
  #isLockedOut(keys: readonly string[], { status }: SignalingError): boolean {
    return status === 401 && keys.every((key) => this.#positions.has(key));
  }

  /** It is replaced, and what replaces it does not get through either. */
  #dropSuspects(stream: Stream): void {
    for (const other of this.#streams) {
      if (other.isSuspect && other !== stream && other.carried.overlaps(stream.carried))
        this.#drop(other);
    }
  }

  #isServed(key: string, except?: Stream): boolean {
    return [...this.#streams].some(
      (stream) => stream !== except && stream.isOpen && stream.carried.has(key),
    );
  }

  #reportGap(keys: readonly string[], lastEventId: string | undefined): void {
    if (keys.length > 0) this.#owner.gap(keys, lastEventId);
  }

  get #maxStreams(): number {
    return http1Streams(this.#options) ?? this.#facts.maxStreams;
  }

  #reportLimit(): void {
    if (this.#limitReported) return;
    this.#limitReported = true;
    this.#owner.report(tooManyStreams(this.#maxStreams));
  }
}

/** Where a subscription begins. A past is older than whatever was heard. */
function beginning({ since }: TopicSet): Position {
  return { cursor: since, heardAt: since === undefined ? Date.now() : 0 };
}
