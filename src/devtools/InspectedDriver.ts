import { callHandler } from '../driver/callHandler.js';
import { Emitter } from '../driver/Emitter.js';
import {
  SignalingError,
  type Bytes,
  type Connection,
  type Driver,
  type DriverEvents,
  type DriverListener,
  type Gap,
  type PublishOptions,
  type SignalHandler,
  type SubscribeOptions,
  type TopicState,
  type Topics,
} from '../driver/index.js';
import { namesOf, toTopicSet } from '../driver/topics.js';
import { SignalLog, type LoggedSignal } from './SignalLog.js';

/** How an {@link InspectedDriver} is broken. */
export interface Breakage {
  /** Nothing comes and nothing goes until it is mended; then all of it does. Default: `false`. */
  cut?: boolean | undefined;
  /** What comes and what goes takes so many ms longer. Default: 0. */
  delay?: number | undefined;
  /** Publishes and new subscriptions reject with `unauthorized`. Default: `false`. */
  refuse?: boolean | undefined;
}

/** A subscription of an {@link InspectedDriver}. A snapshot. */
export interface InspectedTopic extends TopicState {
  /** What it listens to. */
  readonly name: string;
  /** How many handlers it has. The hooks below one provider share one. */
  readonly handlers: number;
  /** How many signals have come. */
  readonly signals: number;
  /** The id of the last one: where its stream goes on. */
  readonly cursor: string | undefined;
}

/** What an {@link InspectedDriver} has seen. A snapshot. */
export interface Inspection {
  /** The state of the driver as a whole. */
  readonly connection: Connection;
  /** Its subscriptions. */
  readonly topics: readonly InspectedTopic[];
  /** The last gaps and errors, newest first. */
  readonly problems: readonly Problem[];
  /** The last signals, newest first. */
  readonly signals: readonly LoggedSignal[];
  /** How it is broken. */
  readonly breakage: Required<{ [Key in keyof Breakage]: NonNullable<Breakage[Key]> }>;
}

/** A gap or an error. */
export interface Problem {
  /** When, in ms since the epoch. */
  readonly at: number;
  /** What went wrong: the code of an error, or `gap`. */
  readonly code: string;
  /** In words. */
  readonly text: string;
}

interface Entry {
  readonly name: string;
  readonly topics: Topics;
  readonly handlers: Map<SignalHandler, SignalHandler>;
  signals: number;
  cursor: string | undefined;
}

/** How many signals and problems are remembered. */
const SIGNALS = 200;
const PROBLEMS = 20;

const MENDED = { cut: false, delay: 0, refuse: false };

/**
 * Another driver, seen from outside: it writes down what passes, and can be broken. A signal costs
 * one entry in a ring; nothing is decoded and nobody is called for it.
 */
export class InspectedDriver implements Driver {
  readonly #driver: Driver;
  readonly #emitter = new Emitter<DriverEvents>();
  readonly #watchers = new Emitter<{ change: [] }>();
  readonly #entries = new Map<string, Entry>();
  readonly #log = new SignalLog(SIGNALS);
  #problems: readonly Problem[] = [];
  #breakage: Inspection['breakage'] = MENDED;
  #connection: Connection;
  /** What waits until the cut is mended. */
  #held: (() => void)[] = [];
  #changes = 0;

  /** @internal Made by `inspect`. */
  constructor(driver: Driver) {
    this.#driver = driver;
    this.#connection = driver.connection;
    driver.on('connection', () => this.#update());
    driver.on('error', (error) => this.#report(error));
    driver.on('gap', (gap) => {
      this.#note('gap', textOf(gap));
      this.#emitter.emit('gap', gap);
    });
  }

  get active(): boolean {
    return this.#connection.status === 'open';
  }

  get connection(): Connection {
    return this.#connection;
  }

  /** Grows with everything there is to show. */
  get changes(): number {
    return this.#changes;
  }

  /** Breaks it, or mends what is not named. `{}` mends it. */
  break(breakage: Breakage): void {
    const { cut = false, delay = 0, refuse = false } = breakage;
    this.#breakage = { cut, delay, refuse };
    if (!cut) for (const step of this.#held.splice(0)) step();
    this.#update();
    this.#watchers.emit('change');
  }

  /** What there is to show now, with the last so many signals. */
  inspect(signals: number): Inspection {
    return {
      connection: this.#connection,
      topics: [...this.#entries.values()].map((entry) => this.#inspectTopic(entry)),
      problems: this.#problems,
      signals: this.#log.last(signals),
      breakage: this.#breakage,
    };
  }

  /** Forgets signals, gaps and errors. */
  clear(): void {
    this.#log.clear();
    this.#problems = [];
    this.#changes++;
  }

  async subscribe(
    topics: Topics,
    handler: SignalHandler,
    options?: SubscribeOptions,
  ): Promise<void> {
    const set = toTopicSet(topics);
    this.#throwIfRefused(namesOf(set).join(', '));
    const entry = this.#entries.get(set.key) ?? {
      name: namesOf(set).join(', '),
      topics,
      handlers: new Map<SignalHandler, SignalHandler>(),
      signals: 0,
      cursor: undefined,
    };
    this.#entries.set(set.key, entry);
    const observed = entry.handlers.get(handler) ?? this.#observe(entry, handler);
    entry.handlers.set(handler, observed);
    this.#changes++;
    const accepted = this.#driver.subscribe(topics, observed, options);
    this.#emitter.emit('subscribe', topics, handler);
    await accepted;
  }

  async unsubscribe(topics: Topics, handler?: SignalHandler): Promise<void> {
    const { key } = toTopicSet(topics, 'unsubscribe');
    const entry = this.#entries.get(key);
    const observed = handler && entry?.handlers.get(handler);
    if (handler) entry?.handlers.delete(handler);
    if (!handler || entry?.handlers.size === 0) this.#entries.delete(key);
    this.#changes++;
    await this.#driver.unsubscribe(topics, observed ?? handler);
    this.#emitter.emit('unsubscribe', topics, handler);
  }

  async publish(
    topic: string,
    data: Bytes | Promise<Bytes>,
    options: PublishOptions = {},
  ): Promise<void> {
    this.#emitter.emit('publish', topic, data);
    this.#logPublish(topic, data, options).catch(() => {}); // the publish rejects with it
    this.#throwIfRefused(topic);
    const { cut, delay } = this.#breakage;
    if (cut) await new Promise<void>((resolve) => this.#held.push(resolve));
    else if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
    await this.#driver.publish(topic, data, options);
  }

  stateOf(topics: Topics, handler?: SignalHandler): TopicState {
    const entry = this.#entries.get(toTopicSet(topics, 'stateOf').key);
    const observed = handler && entry?.handlers.get(handler);
    const state = this.#driver.stateOf(topics, observed);
    if (!this.#breakage.cut || state.status !== 'open') return state;
    return { status: 'reconnecting', error: CUT };
  }

  watch(topics: Topics, listener: () => void): () => void {
    const ends = [this.#driver.watch(topics, listener), this.#watchers.on('change', listener)];
    return () => ends.forEach((end) => end());
  }

  reconnect(): void {
    this.#driver.reconnect();
  }

  on<E extends keyof DriverEvents>(event: E, listener: DriverListener<E>): void {
    this.#emitter.on(event, listener);
  }

  off<E extends keyof DriverEvents>(event: E, listener: DriverListener<E>): void {
    this.#emitter.off(event, listener);
  }

  destroy(): void {
    this.#driver.destroy();
    for (const step of this.#held.splice(0)) step();
    this.#emitter.clear();
    this.#watchers.clear();
  }

  #observe(entry: Entry, handler: SignalHandler): SignalHandler {
    const observed: SignalHandler = (bytes, event) => {
      const [first] = entry.handlers.values();
      // Several handlers of the same topics get the same signals, beside what each asked of the past.
      if (observed === first || event.past) this.#logArrival(entry, bytes, event);
      const { cut, delay } = this.#breakage;
      if (!cut && delay === 0) return handler(bytes, event);
      const deliver = (): void => {
        if (!entry.handlers.has(handler)) return;
        callHandler(handler, bytes, event, entry.name, (error) => this.#report(error));
      };
      if (cut) this.#held.push(deliver);
      else setTimeout(deliver, delay);
    };
    return observed;
  }

  #logArrival(
    entry: Entry,
    bytes: Uint8Array,
    { topic = entry.name, type, id, own }: Parameters<SignalHandler>[1],
  ): void {
    entry.signals++;
    entry.cursor = id ?? entry.cursor;
    this.#log.write({ at: Date.now(), direction: 'in', topic, type, id, own, bytes });
    this.#changes++;
  }

  async #logPublish(
    topic: string,
    data: Bytes | Promise<Bytes>,
    { type = 'message' }: PublishOptions,
  ): Promise<void> {
    const bytes = Uint8Array.from(await data);
    const signal = { topic, type, id: undefined, own: true, bytes };
    this.#log.write({ at: Date.now(), direction: 'out', ...signal });
    this.#changes++;
  }

  #inspectTopic({ name, topics, handlers, signals, cursor }: Entry): InspectedTopic {
    const { status, error } = this.stateOf(topics);
    return { name, status, error, handlers: handlers.size, signals, cursor };
  }

  #report(error: SignalingError): void {
    this.#note(error.code, error.message);
    this.#emitter.emit('error', error);
  }

  #note(code: string, text: string): void {
    this.#problems = [{ at: Date.now(), code, text }, ...this.#problems].slice(0, PROBLEMS);
    this.#changes++;
  }

  /** Recomputes the state of the driver, and emits what has changed. */
  #update(): void {
    this.#changes++;
    const last = this.#connection;
    const { connection } = this.#driver;
    const isCut = this.#breakage.cut && connection.status === 'open';
    const next = isCut
      ? { ...connection, status: 'reconnecting' as const, error: CUT }
      : connection;
    this.#connection = next;
    this.#emitter.emit('connection', next);
    const active = next.status === 'open';
    if (active !== (last.status === 'open')) this.#emitter.emit(active ? 'active' : 'inactive');
  }

  #throwIfRefused(topic: string): void {
    if (!this.#breakage.refuse) return;
    throw new SignalingError('unauthorized', `The devtools refuse "${topic}".`, { topic });
  }
}

const CUT = new SignalingError('unreachable', 'The devtools have cut the connection.');

function textOf({ topics, missed, lastEventId }: Gap): string {
  const count = missed === undefined ? 'Signals' : `Up to ${missed} signals`;
  const place = lastEventId === undefined ? '' : `, behind ${lastEventId}`;
  return `${count} on ${topics.join(', ')} were lost${place}.`;
}
