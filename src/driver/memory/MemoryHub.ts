import type { StreamEvent, Update } from '../../mercure/index.js';
import type { Link } from '../connection/Connection.js';
import { isRetryable, SignalingError } from '../SignalingError.js';
import { untilAborted, wait } from '../timing.js';
import type { TopicSelector } from '../topics.js';

/** How an outage of a {@link MemoryHub} shows in `driver.connection`. */
export interface Outage {
  /** Default: code `unreachable`. */
  error?: SignalingError | undefined;
  /** How many attempts in a row have failed. Default: 1. */
  attempt?: number | undefined;
  /** When the next attempt is due, in ms since the epoch. Default: `undefined`, none is planned. */
  retryAt?: number | undefined;
}

/** What a {@link MemoryHub} refuses on a topic. */
export interface RefusalOptions {
  /** Only subscriptions, or only publishes. Default: both. */
  only?: 'subscribe' | 'publish' | undefined;
  /**
   * How many publishes are refused, or subscriptions closed, before the topic is accepted again.
   * Default: no limit.
   */
  times?: number | undefined;
}

/** A connection that listens to a {@link MemoryHub}. */
export interface MemoryListener {
  readonly selectors: readonly TopicSelector[];
  receive(event: StreamEvent): void;
  reportGap(topic: string, lastEventId: string | undefined): void;
  /** Serves what it wants anew, as far as the hub is there and accepts it. */
  look(): void;
}

/** How many updates it remembers. */
const HISTORY = 1_000;

interface Refusal {
  readonly error: SignalingError;
  readonly only: RefusalOptions['only'];
  left: number;
}

/**
 * Carries signals between the {@link MemoryDriver}s that were made with it, and breaks where it is
 * told to. It remembers the latest 1,000 for subscriptions with `since`.
 */
export class MemoryHub {
  /** Those of its drivers that listen. @internal */
  readonly connections = new Set<MemoryListener>();
  /** Why it is away; `undefined` where it is not. @internal */
  outage: Omit<Link, 'status'> | undefined;
  readonly #history: StreamEvent[] = [];
  readonly #refusals = new Map<string, Refusal>();
  readonly #delays = new Map<string, number>();
  #published = 0;
  #back: Promise<void> = Promise.resolve();
  #comeBack = (): void => {};

  /** What its drivers listen to now, each topic or selector once. */
  get topics(): readonly TopicSelector[] {
    const selectors = [...this.connections].flatMap((connection) => connection.selectors);
    return [...new Map(selectors.map((each) => [JSON.stringify(each), each])).values()];
  }

  /**
   * Publishes as a server does, whatever it refuses. While it is away, this waits.
   *
   * @returns the id of the update, once the handlers of its subscribers were called.
   */
  async publish(update: Update): Promise<string> {
    const { topics, type = 'message', data = '' } = update;
    const id = update.id ?? `memory:${++this.#published}`;
    await this.#back;
    const event = { id, type, data, topics };
    if (this.#history.push(event) > HISTORY) this.#history.shift();
    for (const connection of this.connections) connection.receive(event);
    return id;
  }

  /**
   * Takes the hub away: drivers become `reconnecting`, and what they publish waits.
   *
   * @param outage How that shows in `driver.connection`.
   */
  disconnect({ error = unreachable(), attempt = 1, retryAt }: Outage = {}): void {
    if (!this.outage) this.#back = new Promise((resolve) => (this.#comeBack = resolve));
    this.outage = { error, attempt, retryAt };
    this.#lookAll();
  }

  /** Brings the hub back. What waits is published. */
  connect(): void {
    this.outage = undefined;
    this.#comeBack();
    this.#lookAll();
  }

  /**
   * Refuses subscriptions to this topic, and publishes on it, also those that were accepted.
   * Drivers try again by themselves where the error is `unreachable`; others close the topic.
   *
   * @param topic `'*'` is every topic.
   * @param error Why. Default: code `unauthorized`.
   */
  refuse(
    topic: string,
    error = new SignalingError('unauthorized', `The hub refuses "${topic}".`, { topic }),
    { only, times = Infinity }: RefusalOptions = {},
  ): void {
    this.#refusals.set(topic, { error, only, left: times });
    this.#lookAll();
  }

  /** Accepts this topic again. Drivers that it was closed for try it with `reconnect()`. */
  allow(topic: string): void {
    this.#refusals.delete(topic);
    this.#lookAll();
  }

  /**
   * Takes its time to accept subscriptions to this topic, and publishes on it.
   *
   * @param topic `'*'` is every topic.
   * @param milliseconds How long; 0 ends it.
   */
  delay(topic: string, milliseconds: number): void {
    this.#delays.set(topic, milliseconds);
  }

  /** Forgets what was published, so that it is nobody's past. */
  forget(): void {
    this.#history.length = 0;
  }

  /** Ends whatever was broken: it is there, refuses nothing, and takes no time. */
  mend(): void {
    this.#refusals.clear();
    this.#delays.clear();
    this.connect();
  }

  /** Reports to everybody who listens to this topic that signals were lost; `'*'` is every topic. */
  loseSignals(topic: string, lastEventId?: string): void {
    for (const connection of this.connections) connection.reportGap(topic, lastEventId);
  }

  /** Why it refuses one of these; counts it. @internal */
  refusalOf(
    what: 'subscribe' | 'publish',
    topics: readonly TopicSelector[],
  ): SignalingError | undefined {
    const refusal = [...topics, '*']
      .map((topic) => this.#refusals.get(topic as string))
      .find((each) => each && each.left > 0 && (each.only ?? what) === what);
    if (!refusal) return undefined;
    // A stream that stays away is looked at again and again: that is one refusal.
    if (what === 'publish' || !isRetryable(refusal.error)) refusal.left--;
    return refusal.error;
  }

  /** What it remembers behind this id; `undefined` where it does not know it. @internal */
  eventsSince(since: string): readonly StreamEvent[] | undefined {
    const index = this.#history.findIndex(({ id }) => id === since);
    return since === 'earliest' || index >= 0 ? this.#history.slice(index + 1) : undefined;
  }

  /** How long it takes over these, in ms. @internal */
  delayOf(topics: readonly TopicSelector[]): number {
    return Math.max(...[...topics, '*'].map((topic) => this.#delays.get(topic as string) ?? 0));
  }

  /**
   * Resolves when it takes an update on these topics.
   *
   * @throws {@link SignalingError} `unreachable` once `signal` aborts.
   * @internal
   */
  async whenTaken(topics: readonly string[], signal: AbortSignal): Promise<void> {
    const delay = this.delayOf(topics);
    try {
      if (delay > 0) await wait(delay, signal);
      signal.throwIfAborted();
      if (this.outage) await untilAborted(this.#back, signal);
    } catch {
      throw unreachable();
    }
  }

  #lookAll(): void {
    for (const connection of [...this.connections]) connection.look();
  }
}

function unreachable(): SignalingError {
  return new SignalingError('unreachable', 'The hub in this page was taken away.');
}
