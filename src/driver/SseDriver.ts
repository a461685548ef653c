import { destroyed, toBytes, toTopic } from './arguments.js';
import type {
  Bytes,
  Connection,
  Driver,
  DriverEvents,
  DriverListener,
  PublishOptions,
  SignalHandler,
} from './Driver.js';
import { Emitter } from './Emitter.js';
import { HubClient } from './HubClient.js';
import type { SseDriverOptions } from './options.js';
import { Outbox } from './Outbox.js';
import { Subscriptions } from './Subscriptions.js';
import { createPublisherId } from './updateId.js';
import { onWake } from './wake.js';

const IDLE: Connection = {
  status: 'idle',
  error: undefined,
  attempt: 0,
  retryAt: undefined,
  queued: 0,
};

/**
 * Carries signals over a Mercure hub: Server-Sent Events in, POST out.
 *
 * It opens nothing until somebody subscribes, reconnects through whatever can pass, resumes where it
 * was, and delivers every update once and in order as far as the hub keeps ids and a history.
 *
 * @example
 * ```ts
 * const driver = new SseDriver({ url: 'https://example.com/.well-known/mercure' });
 * await driver.subscribe('https://example.com/rooms/1', (bytes) => console.log(bytes));
 * await driver.publish('https://example.com/rooms/1', new TextEncoder().encode('hello'));
 * ```
 */
export class SseDriver implements Driver {
  readonly #emitter = new Emitter<DriverEvents>();
  readonly #subscriptions: Subscriptions;
  readonly #outbox: Outbox;
  #connection = IDLE;
  #stopWaking: (() => void) | undefined;
  #destroyed = false;

  constructor(options: SseDriverOptions = {}) {
    const client = new HubClient(options);
    const owner = {
      publisherId: createPublisherId(),
      changed: () => this.#update(),
      report: (error: DriverEvents['error'][0]) => this.#emitter.emit('error', error),
      gap: (gap: DriverEvents['gap'][0]) => this.#emitter.emit('gap', gap),
      published: (id: string) => this.#subscriptions.published(id),
    };
    this.#subscriptions = new Subscriptions(client, options, owner);
    this.#outbox = new Outbox(client, options, owner);
  }

  get active(): boolean {
    return this.#connection.status === 'open';
  }

  get connection(): Connection {
    return this.#connection;
  }

  async subscribe(topic: string, handler: SignalHandler): Promise<void> {
    const name = toTopic(topic);
    this.#assertAlive();
    const accepted = this.#subscriptions.add(name, handler);
    this.#emitter.emit('subscribe', name, handler);
    return accepted;
  }

  async unsubscribe(topic: string, handler?: SignalHandler): Promise<void> {
    const name = toTopic(topic);
    this.#subscriptions.remove(name, handler);
    this.#emitter.emit('unsubscribe', name, handler);
  }

  async publish(topic: string, data: Bytes, options: PublishOptions = {}): Promise<void> {
    const name = toTopic(topic);
    const bytes = toBytes(data);
    this.#assertAlive();
    const taken = this.#outbox.publish(name, bytes, options);
    this.#emitter.emit('publish', name, data);
    return taken;
  }

  reconnect(): void {
    this.#wake(true);
  }

  on<E extends keyof DriverEvents>(event: E, listener: DriverListener<E>): void {
    this.#emitter.on(event, listener);
  }

  off<E extends keyof DriverEvents>(event: E, listener: DriverListener<E>): void {
    this.#emitter.off(event, listener);
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#subscriptions.close(destroyed());
    this.#outbox.close(destroyed());
    this.#update();
    this.#emitter.clear();
  }

  #wake(now: boolean): void {
    this.#outbox.wake();
    this.#subscriptions.wake(now);
  }

  /** Takes stock after any change, tells it where it is one, and listens to the page while it matters. */
  #update(): void {
    const { state } = this.#subscriptions;
    const next: Connection = {
      ...state,
      status: this.#destroyed ? 'closed' : state.status,
      queued: this.#outbox.queued,
    };
    const last = this.#connection;
    if ((Object.keys(next) as (keyof Connection)[]).every((key) => next[key] === last[key])) return;
    this.#connection = next;

    const needed = !this.#destroyed && (next.status !== 'idle' || next.queued > 0);
    if (needed) this.#stopWaking ??= onWake((now) => this.#wake(now));
    else this.#stopWaking = this.#stopWaking?.() as undefined;

    this.#emitter.emit('connection', next);
    const active = next.status === 'open';
    if (active !== (last.status === 'open')) this.#emitter.emit(active ? 'active' : 'inactive');
  }

  #assertAlive(): void {
    if (this.#destroyed) throw destroyed();
  }
}
