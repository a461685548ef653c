import { cancelled, destroyed, toBytes, toTopic } from '../arguments.js';
import { deliver } from '../deliver.js';
import type {
  Bytes,
  Connection,
  Driver,
  DriverEvents,
  DriverListener,
  PublishOptions,
  SignalHandler,
} from '../Driver.js';
import { Emitter } from '../Emitter.js';
import { HubClient } from '../HubClient.js';
import { IDLE } from '../idle.js';
import type { SseDriverOptions } from '../options.js';
import { Outbox } from '../Outbox.js';
import { onWake } from '../page.js';
import { Sequences } from '../Sequences.js';
import type { SignalingError } from '../SignalingError.js';
import { Topic } from '../Topic.js';
import { createPublisherId } from '../updateId.js';
import { Group } from './Group.js';
import type { LeaderMessage } from './messages.js';

/** Options of {@link TabsDriver}: those of {@link SseDriver}, and who shares. */
export interface TabsDriverOptions extends SseDriverOptions {
  /**
   * Who is signed in, for tabs whose tokens differ though they mean the same: tabs of one `identity`
   * share, whatever their credentials, and the hub sees those of the tab that leads. Take what no
   * two users have in common, such as a user id. Default: tabs share that begin with equal
   * `headers` and credentials in `publisher` and `subscriber`.
   */
  identity?: string | undefined;
}

/**
 * An {@link SseDriver} whose tabs share one connection: of all tabs of an origin with the same hub
 * and the same credentials one holds the streams and publishes for all. Tabs with other credentials
 * never hear each other. Where that tab is closed, crashes or freezes, another goes on from where it
 * was: no signal is lost or doubled, as far as the hub keeps ids and a history.
 *
 * Credentials are looked at once, when it is first used, to find the tabs that may share; what a
 * function returns later is used by the tab that leads, for all. A publish with `keepalive` goes out
 * from its own tab.
 *
 * It takes the [Web Locks API](https://www.w3.org/TR/web-locks/), `BroadcastChannel` and
 * `crypto.subtle`, which browsers have in secure contexts (https, or localhost). Where one of them
 * is missing a tab is alone, and does what an {@link SseDriver} does.
 *
 * @example
 * ```tsx
 * const driver = new TabsDriver({ url: 'https://example.com/.well-known/mercure' });
 * <SignalingProvider driver={driver}>…</SignalingProvider>
 * ```
 */
export class TabsDriver implements Driver {
  readonly #emitter = new Emitter<DriverEvents>();
  readonly #topics = new Map<string, Topic>();
  readonly #sequences = new Sequences();
  readonly #publisherId = createPublisherId();
  readonly #group: Group;
  readonly #outbox: Outbox;
  #leaderConnection = IDLE;
  #connection = IDLE;
  #error: SignalingError | undefined;
  #queued = 0;
  #leavePage: (() => void) | undefined;
  #destroyed = false;

  constructor(options: TabsDriverOptions = {}) {
    const client = new HubClient(options);
    this.#group = new Group(client, options, {
      topics: this.#topics,
      told: (message) => this.#told(message),
    });
    const relay = new RelayedHub(options, this.#group);
    this.#outbox = new Outbox(relay, options, this.#publisherId, () => {});
  }

  get active(): boolean {
    return this.#connection.status === 'open';
  }

  get connection(): Connection {
    return this.#connection;
  }

  async subscribe(topic: string, handler: SignalHandler): Promise<void> {
    const name = toTopic(topic);
    this.#start();
    const accepted = this.#add(name, handler);
    this.#emitter.emit('subscribe', name, handler);
    await accepted;
  }

  async unsubscribe(topic: string, handler?: SignalHandler): Promise<void> {
    const name = toTopic(topic);
    this.#remove(name, handler);
    this.#emitter.emit('unsubscribe', name, handler);
  }

  async publish(topic: string, data: Bytes, options: PublishOptions = {}): Promise<void> {
    const name = toTopic(topic);
    const bytes = toBytes(data);
    this.#start();
    this.#emitter.emit('publish', name, data);
    this.#queue(1);
    try {
      await this.#outbox.publish(name, bytes, options);
    } finally {
      this.#queue(-1);
    }
  }

  reconnect(): void {
    for (const [name, { error, handlers }] of this.#topics) {
      if (error) this.#want(name, handlers);
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
    this.#destroyed = true;
    this.#leavePage?.();
    this.#outbox.close(destroyed());
    this.#group.close();
    for (const topic of this.#topics.values()) topic.refuse(destroyed());
    this.#topics.clear();
    this.#update();
    this.#emitter.clear();
  }

  /** Finds the other tabs when it is first used. */
  #start(): void {
    if (this.#destroyed) throw destroyed();
    if (this.#leavePage) return;
    this.#leavePage = onWake(() => this.#wake(false));
    void this.#group.join();
  }

  async #add(name: string, handler: SignalHandler): Promise<void> {
    let topic = this.#topics.get(name);
    if (!topic || topic.error) topic = this.#want(name, topic?.handlers);
    topic.handlers.add(handler);
    try {
      await topic.ready;
    } catch (error) {
      this.#remove(name, handler);
      throw error;
    }
    if (!topic.handlers.has(handler)) throw cancelled();
  }

  #want(name: string, handlers?: Iterable<SignalHandler>): Topic {
    const topic = new Topic(handlers);
    this.#topics.set(name, topic);
    this.#group.changed(name, true);
    this.#update();
    return topic;
  }

  #remove(name: string, handler?: SignalHandler): void {
    const topic = this.#topics.get(name);
    if (!topic) return;
    if (handler) topic.handlers.delete(handler);
    else topic.handlers.clear();
    if (topic.handlers.size > 0) return;
    this.#topics.delete(name);
    this.#group.changed(name, false);
    topic.refuse(cancelled());
    this.#update();
  }

  #told(message: LeaderMessage): void {
    switch (message.type) {
      case 'lead':
      case 'accepted':
        return this.#accept(message.cursors.keys());
      case 'refused':
        return this.#refuse(message.topic, message.error);
      case 'signal':
        return this.#deliver(message);
      case 'connection':
        this.#leaderConnection = message;
        return this.#update();
      case 'gap':
        return this.#tellGap(message.topics, message.lastEventId);
      case 'error': {
        const { topic } = message.error;
        const concerned = topic === undefined ? this.#topics.size > 0 : this.#topics.has(topic);
        if (concerned) this.#report(message.error);
        return;
      }
      case 'alive':
      case 'posted':
      case 'left':
    }
  }

  #accept(names: Iterable<string>): void {
    for (const name of names) {
      const topic = this.#topics.get(name);
      if (!topic) continue;
      this.#error = undefined;
      // The leader may have tried again what had ended for good.
      (topic.error ? this.#want(name, topic.handlers) : topic).accept();
    }
    this.#update();
  }

  #refuse(name: string, error: SignalingError): void {
    const topic = this.#topics.get(name);
    if (!topic) return;
    this.#error = error;
    topic.refuse(error);
    this.#update();
  }

  #deliver({ topic: name, id, kind, data }: LeaderMessage & { type: 'signal' }): void {
    const topic = this.#topics.get(name);
    if (!topic?.accepted) return;
    if (id !== undefined) {
      if (!topic.isNew(id)) return;
      const missed = this.#sequences.missedBefore(name, id);
      if (missed > 0) this.#emitter.emit('gap', { topics: [name], lastEventId: undefined, missed });
    }
    const own = id?.startsWith(this.#publisherId) ?? false;
    deliver(topic.handlers, data, { topic: name, id, type: kind, own }, this.#report);
  }

  #tellGap(names: readonly string[], lastEventId: string | undefined): void {
    const topics = names.filter((name) => this.#topics.get(name)?.accepted);
    for (const name of topics) this.#sequences.forget(name);
    if (topics.length > 0) this.#emitter.emit('gap', { topics, lastEventId, missed: undefined });
  }

  #wake(now: boolean): void {
    this.#outbox.wake();
    this.#group.wake(now);
  }

  #queue(change: number): void {
    this.#queued += change;
    this.#update();
  }

  /** Takes stock after any change, and tells it where it is one. */
  #update(): void {
    const last = this.#connection;
    const next = { ...this.#state, queued: this.#queued };
    if ((Object.keys(next) as (keyof Connection)[]).every((key) => next[key] === last[key])) return;
    this.#connection = next;
    this.#emitter.emit('connection', next);
    const active = next.status === 'open';
    if (active !== (last.status === 'open')) this.#emitter.emit(active ? 'active' : 'inactive');
  }

  /** How the leader stands, as far as it concerns this tab. */
  get #state(): Connection {
    const error = this.#error;
    if (this.#destroyed) return { ...IDLE, status: 'closed', error };
    const topics = [...this.#topics.values()];
    if (topics.every((topic) => topic.error))
      return error ? { ...IDLE, status: 'closed', error } : IDLE;
    const { status, attempt, retryAt, error: trouble } = this.#leaderConnection;
    if (status === 'reconnecting') return { ...IDLE, status, attempt, retryAt, error: trouble };
    const served = topics.some((topic) => topic.accepted && !topic.error);
    if (status === 'open' && served) return { ...IDLE, status };
    // Between two leaders, what was open is being opened again.
    return { ...IDLE, status: served ? 'reconnecting' : 'connecting' };
  }

  readonly #report = (error: SignalingError): void => this.#emitter.emit('error', error);
}

/** The hub behind the leader; what shall outlive this page goes there by itself. */
class RelayedHub extends HubClient {
  readonly #group: Group;

  constructor(options: SseDriverOptions, group: Group) {
    super(options);
    this.#group = group;
  }

  override post(form: URLSearchParams, keepalive: boolean, signal: AbortSignal): Promise<string> {
    return keepalive ? super.post(form, true, signal) : this.#group.post(form, signal);
  }
}
