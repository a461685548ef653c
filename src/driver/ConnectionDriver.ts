import type { Connection as Lower, ConnectionOwner, Link } from './connection/Connection.js';
import type {
  Bytes,
  Connection,
  Status,
  Driver,
  DriverEvents,
  DriverListener,
  PublishOptions,
  SignalHandler,
  SubscribeOptions,
  TopicState,
} from './Driver.js';
import { Emitter } from './Emitter.js';
import { readRetry, readTimeout, type DriverOptions } from './options.js';
import { Outbox } from './Outbox.js';
import { onWake } from './pageEvents.js';
import { cancelled, destroyed, type SignalingError } from './SignalingError.js';
import { Subscription } from './Subscription.js';
import { assertTopic, beginAt, namesOf, toTopicSet, type Topics, type TopicSet } from './topics.js';

/** The state of a driver that nobody uses. */
export const IDLE: Connection = {
  status: 'idle',
  error: undefined,
  attempt: 0,
  retryAt: undefined,
  queued: 0,
};

/**
 * The upper half of every driver: subscriptions and their handlers, gaps, and what is published.
 * The lower half, a {@link Lower}, carries it.
 */
export class ConnectionDriver implements Driver {
  readonly #options: DriverOptions;
  readonly #lower: Lower;
  readonly #outbox: Outbox;
  readonly #emitter = new Emitter<DriverEvents>();
  readonly #watchers = new Emitter<Record<string, []>>();
  readonly #subscriptions = new Map<string, Subscription>();
  /** The subscriptions to equal topics. */
  readonly #groups = new Map<string, Subscription[]>();
  /** Those that the hub has not refused. */
  readonly #wanted = new Map<string, TopicSet>();
  /** How many subscriptions are in each state, so that a change costs the same for any number. */
  readonly #counts: Record<Status, number> = {
    idle: 0,
    connecting: 0,
    open: 0,
    reconnecting: 0,
    closed: 0,
  };
  #connection = IDLE;
  #queued = 0;
  #endPageEvents: (() => void) | undefined;
  #isDestroyed = false;

  /** @throws {@link SignalingError} `usage` where an option is none it can be. */
  constructor(options: DriverOptions, connect: (owner: ConnectionOwner) => Lower) {
    readTimeout(options);
    readRetry(options);
    this.#options = options;
    this.#lower = connect({
      received: (keys, event) => {
        for (const key of keys) {
          const subscription = this.#subscriptions.get(key);
          if (subscription?.hasBegun) subscription.deliver(event);
        }
      },
      linked: (keys, link) => this.#link(keys, link),
      moved() {},
      refused: (key, error) => this.#refuse(key, error),
      gap: (keys, lastEventId) => this.#tellGap(keys, lastEventId),
      report: (error) => this.#emitter.emit('error', error),
    });
    this.#outbox = new Outbox(this.#lower, options);
  }

  get active(): boolean {
    return this.#connection.status === 'open';
  }

  get connection(): Connection {
    return this.#connection;
  }

  async subscribe(
    topics: Topics,
    handler: SignalHandler,
    options: SubscribeOptions = {},
  ): Promise<void> {
    const { since, encoding = this.#options.encoding ?? 'base64' } = options;
    const all = toTopicSet(topics);
    const set = since === undefined ? all : beginAt(all, since);
    this.#throwIfDestroyed();
    const subscription = this.#find(set, handler) ?? this.#create(set);
    if (subscription.state.status === 'closed') this.#renew(subscription);
    subscription.add(handler, encoding);
    this.#emitter.emit('subscribe', topics, handler);
    await subscription.whenReady();
    if (!subscription.has(handler)) throw cancelled();
  }

  async unsubscribe(topics: Topics, handler?: SignalHandler): Promise<void> {
    for (const subscription of this.#groupOf(toTopicSet(topics, 'unsubscribe'))) {
      subscription.remove(handler);
      if (subscription.isUnused) this.#forget(subscription);
    }
    this.#emitter.emit('unsubscribe', topics, handler);
  }

  async publish(
    topic: string,
    data: Bytes | Promise<Bytes>,
    options: PublishOptions = {},
  ): Promise<void> {
    assertTopic(topic);
    this.#throwIfDestroyed();
    this.#emitter.emit('publish', topic, data);
    this.#queue(1);
    try {
      await this.#outbox.publish(topic, data, options);
    } finally {
      this.#queue(-1);
    }
  }

  stateOf(topics: Topics, handler?: SignalHandler): TopicState {
    const set = toTopicSet(topics, 'stateOf');
    const { state } = this.#find(set, handler) ?? this.#groupOf(set)[0] ?? {};
    return state ?? (this.#isDestroyed ? this.#connection : IDLE);
  }

  watch(topics: Topics, listener: () => void): () => void {
    return this.#watchers.on(toTopicSet(topics, 'watch').topics, listener);
  }

  reconnect(): void {
    for (const subscription of this.#subscriptions.values()) {
      if (subscription.state.status === 'closed') this.#renew(subscription);
    }
    this.#wake(true);
  }

  on<E extends keyof DriverEvents>(event: E, listener: DriverListener<E>): void {
    this.#emitter.on(event, listener);
  }

  off<E extends keyof DriverEvents>(event: E, listener: DriverListener<E>): void {
    this.#emitter.off(event, listener);
  }

  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.#outbox.close(destroyed());
    this.#lower.close();
    const subscriptions = [...this.#subscriptions.values()];
    this.#subscriptions.clear();
    this.#groups.clear();
    for (const subscription of subscriptions) subscription.refuse(destroyed());
    this.#update();
    for (const { set } of subscriptions) this.#watchers.emit(set.topics);
    this.#watchers.clear();
    this.#emitter.clear();
  }

  #groupOf({ topics }: TopicSet): readonly Subscription[] {
    return this.#groups.get(topics) ?? [];
  }

  /** The subscription that has this handler, or that would take it. */
  #find(set: TopicSet, handler: SignalHandler | undefined): Subscription | undefined {
    const own = handler && this.#groupOf(set).find((each) => each.has(handler));
    return own ?? this.#subscriptions.get(set.key);
  }

  #create(set: TopicSet): Subscription {
    const subscription = new Subscription(set, {
      isOwn: (id) => this.#outbox.isOwn(id),
      missed: (count) => this.#emitGap([set], undefined, count),
      report: (error) => this.#emitter.emit('error', error),
    });
    this.#subscriptions.set(set.key, subscription);
    this.#groups.set(set.topics, [...this.#groupOf(set), subscription]);
    this.#counts.connecting++;
    this.#want(set);
    return subscription;
  }

  #renew(subscription: Subscription): void {
    subscription.renew();
    this.#counts.closed--;
    this.#counts.connecting++;
    this.#want(subscription.set);
  }

  #want(set: TopicSet): void {
    this.#wanted.set(set.key, set);
    this.#lower.want(this.#wanted);
    this.#update();
    this.#watchers.emit(set.topics);
  }

  #forget(subscription: Subscription): void {
    const { set } = subscription;
    const others = this.#groupOf(set).filter((each) => each !== subscription);
    if (others.length > 0) this.#groups.set(set.topics, others);
    else this.#groups.delete(set.topics);
    this.#subscriptions.delete(set.key);
    this.#wanted.delete(set.key);
    this.#counts[subscription.state.status]--;
    subscription.refuse(cancelled());
    this.#lower.want(this.#wanted);
    this.#update();
    this.#watchers.emit(set.topics);
  }

  #link(keys: Iterable<string>, link: Link): void {
    const changed = new Set<string>();
    for (const key of keys) {
      const subscription = this.#wanted.has(key) && this.#subscriptions.get(key);
      if (subscription && this.#setState(subscription, link)) changed.add(subscription.set.topics);
    }
    this.#update();
    for (const topics of changed) this.#watchers.emit(topics);
  }

  /** @returns whether it is another one. */
  #setState(subscription: Subscription, state: TopicState): boolean {
    const last = subscription.state;
    if (state.status === 'open') subscription.accept();
    if (isEqual(last, state)) return false;
    this.#counts[last.status]--;
    this.#counts[state.status]++;
    subscription.state = state;
    return true;
  }

  #refuse(key: string, error: SignalingError): void {
    const subscription = this.#subscriptions.get(key);
    if (!subscription || !this.#wanted.delete(key)) return;
    this.#lower.want(this.#wanted);
    this.#setState(subscription, { status: 'closed', error });
    this.#update();
    if (!subscription.isAwaited) this.#emitter.emit('error', error);
    subscription.refuse(error);
    this.#watchers.emit(subscription.set.topics);
  }

  #tellGap(keys: Iterable<string>, lastEventId: string | undefined): void {
    const sets: TopicSet[] = [];
    for (const key of keys) {
      const subscription = this.#subscriptions.get(key);
      if (!subscription?.hasBegun) continue;
      subscription.forgetSequences();
      sets.push(subscription.set);
    }
    if (sets.length > 0) this.#emitGap(sets, lastEventId, undefined);
  }

  #emitGap(
    sets: readonly TopicSet[],
    lastEventId: string | undefined,
    missed: number | undefined,
  ): void {
    const topics = [...new Set(sets.flatMap(namesOf))];
    this.#emitter.emit('gap', { topics, lastEventId, missed });
  }

  #queue(change: number): void {
    this.#queued += change;
    this.#update();
  }

  #wake(force: boolean): void {
    this.#outbox.wake();
    this.#lower.wake(force);
  }

  /** Recomputes the state of the driver, and emits `connection` if it has changed. */
  #update(): void {
    const last = this.#connection;
    const next: Connection = { ...this.#state(), queued: this.#queued };
    if (isEqual(next, last)) return;
    this.#connection = next;
    this.#listenToPage(!this.#isDestroyed && (next.status !== 'idle' || next.queued > 0));
    this.#emitter.emit('connection', next);
    const active = next.status === 'open';
    if (active !== (last.status === 'open')) this.#emitter.emit(active ? 'active' : 'inactive');
  }

  /** The state that matters most: one lost stream is news, one refused topic among others is not. */
  #state(): Connection {
    if (this.#isDestroyed) return { ...IDLE, status: 'closed', error: this.#connection.error };
    const { reconnecting, open, connecting, closed } = this.#counts;
    if (reconnecting > 0) return { ...IDLE, ...this.#firstState('reconnecting') };
    if (open > 0) return { ...IDLE, status: 'open' };
    if (connecting > 0) return { ...IDLE, status: 'connecting' };
    return closed > 0 ? { ...IDLE, ...this.#firstState('closed') } : IDLE;
  }

  #firstState(status: Status): TopicState | undefined {
    for (const { state } of this.#subscriptions.values()) {
      if (state.status === status) return state;
    }
    return undefined;
  }

  #listenToPage(needed: boolean): void {
    if (needed) {
      this.#endPageEvents ??= onWake((force) => this.#wake(force));
    } else {
      this.#endPageEvents?.();
      this.#endPageEvents = undefined;
    }
  }

  #throwIfDestroyed(): void {
    if (this.#isDestroyed) throw destroyed();
  }
}

function isEqual<State extends object>(a: State, b: State): boolean {
  return (Object.keys(a) as (keyof State)[]).every((key) => a[key] === b[key]);
}
