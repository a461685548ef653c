import { decodeBase64, type ByteArray, type StreamEvent } from '../mercure/index.js';
import { callHandler } from './callHandler.js';
import { encodeText } from './codec.js';
import { CONNECTING } from './connection/Connection.js';
import type { Encoding, SignalEvent, SignalHandler, TopicState } from './Driver.js';
import { RecentIds } from './RecentIds.js';
import { SignalingError } from './SignalingError.js';
import { namesOf, topicOf, type TopicSet } from './topics.js';
import { parseUpdateId } from './updateId.js';

/** How many ids are remembered at least, to drop what comes twice. */
const IDS = 1_000;
/** How many lines, each one topic of one publisher, are counted along. */
const LINES = 1_000;
/** A publisher has at most this many updates on their way; a larger hole is no hole. */
const PLAUSIBLE_HOLE = 10_000;

interface Listener {
  readonly handler: SignalHandler;
  readonly encoding: Encoding;
}

/** What a subscription reports. */
export interface SubscriptionOwner {
  isOwn(id: string): boolean;
  /** So many updates of one publisher are missing. */
  missed(count: number): void;
  report(error: SignalingError): void;
}

/** One set of topics: its handlers, and what they have had. */
export class Subscription {
  readonly set: TopicSet;
  /** Its state: a link, or `closed` where the hub has refused it. */
  state: TopicState = CONNECTING;
  /** Whether the hub has accepted it, and has sent its past. */
  accepted = false;
  readonly #owner: SubscriptionOwner;
  readonly #names: string;
  readonly #recent: RecentIds;
  readonly #sequences = new Map<string, number>();
  // Replaced when it changes, so that an event under way goes to those who were there.
  #listeners: readonly Listener[] = [];
  #ready!: Promise<void>;
  #waiting = 0;
  #settle!: { resolve: () => void; reject: (error: SignalingError) => void };

  constructor(set: TopicSet, owner: SubscriptionOwner) {
    this.set = set;
    this.#owner = owner;
    this.#names = namesOf(set).join(', ');
    // A past of any length may begin again before it is complete.
    this.#recent = new RecentIds(set.since === undefined ? IDS : Infinity);
    this.renew();
  }

  /** Whether a promise reports that it is refused. */
  get isAwaited(): boolean {
    return this.#waiting > 0;
  }

  /** Resolves when the hub accepts it, rejects where it refuses. */
  async whenReady(): Promise<void> {
    this.#waiting++;
    try {
      await this.#ready;
    } finally {
      this.#waiting--;
    }
  }

  get isUnused(): boolean {
    return this.#listeners.length === 0;
  }

  /** Whether what comes, or does not, concerns it. */
  get hasBegun(): boolean {
    return this.accepted || this.set.since !== undefined;
  }

  has(handler: SignalHandler): boolean {
    return this.#listeners.some((listener) => listener.handler === handler);
  }

  add(handler: SignalHandler, encoding: Encoding): void {
    if (!this.has(handler)) this.#listeners = [...this.#listeners, { handler, encoding }];
  }

  /** Without a handler, all leave. */
  remove(handler?: SignalHandler): void {
    this.#listeners = handler
      ? this.#listeners.filter((listener) => listener.handler !== handler)
      : [];
  }

  /** Begins anew, after it was refused. */
  renew(): void {
    this.state = CONNECTING;
    this.accepted = false;
    this.#ready = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    // Nobody may be waiting.
    this.#ready.catch(() => {});
  }

  accept(): void {
    this.accepted = true;
    this.set.since = undefined;
    this.#recent.size = IDS;
    this.#settle.resolve();
  }

  refuse(error: SignalingError): void {
    this.state = { status: 'closed', error };
    this.#settle.reject(error);
  }

  /** Does not count what was missed before: that has been reported. */
  forgetSequences(): void {
    this.#sequences.clear();
  }

  deliver(event: StreamEvent): void {
    const { id, type, data, topics } = event;
    if (id !== undefined && !this.#isNew(id, data)) return;
    const own = id !== undefined && this.#owner.isOwn(id);
    const topic = topicOf(this.set, topics);
    const signal: SignalEvent = { topic, id, type, own, past: !this.accepted };
    const listeners = this.#listeners;
    let bytes: ByteArray | undefined;
    let decodedAs: Encoding | undefined;
    for (const listener of listeners) {
      // It may have left while the others were called.
      if (listeners !== this.#listeners && !this.has(listener.handler)) continue;
      if (listener.encoding !== decodedAs) {
        decodedAs = listener.encoding;
        bytes = this.#decode(data, decodedAs);
      }
      if (bytes) callHandler(listener.handler, bytes, signal, this.#names, this.#owner.report);
    }
  }

  #isNew(id: string, data: string): boolean {
    const parsed = parseUpdateId(id);
    // A hub that counts its ids anew after a restart sends the same id with other data. An id of
    // this driver cannot be guessed, so it stands for one update alone.
    const note = parsed ? 0 : hash(data);
    if (this.#recent.get(id) === note) return false;
    this.#recent.add(id, note);
    if (parsed) this.#count(parsed.line, parsed.sequence);
    return true;
  }

  /** Counts along with a publisher, whose ids number its updates. */
  #count(line: string, sequence: number): void {
    const last = this.#sequences.get(line) ?? sequence;
    const missed = sequence - last - 1;
    if (missed > PLAUSIBLE_HOLE) return;
    this.#sequences.delete(line);
    this.#sequences.set(line, Math.max(last, sequence));
    if (this.#sequences.size > LINES) {
      this.#sequences.delete(this.#sequences.keys().next().value!);
    }
    if (missed > 0) this.#owner.missed(missed);
  }

  #decode(data: string, encoding: Encoding): ByteArray | undefined {
    try {
      return encoding === 'text' ? encodeText(data) : decodeBase64(data);
    } catch (cause) {
      const topic = this.#names;
      const message = `An update on "${topic}" is not base64. Plain text needs \`encoding: 'text'\`.`;
      this.#owner.report(new SignalingError('decode', message, { cause, topic }));
      return undefined;
    }
  }
}

/** About so many characters of a text make its hash. */
const SAMPLES = 128;

/** Tells different data of one id apart (FNV-1a over samples, for a long text). */
function hash(text: string): number {
  const step = Math.ceil(text.length / SAMPLES);
  let value = text.length;
  for (let index = text.length - 1; index >= 0; index -= step) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value;
}
