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
import { IDLE } from './idle.js';
import { HubClient } from './HubClient.js';
import type { SseDriverOptions } from './options.js';
import type { Outbox } from './Outbox.js';
import { notLoaded } from './SignalingError.js';
import { Subscriptions } from './Subscriptions.js';
import { createPublisherId } from './updateId.js';

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
  readonly #options: SseDriverOptions;
  readonly #client: HubClient;
  readonly #emitter = new Emitter<DriverEvents>();
  readonly #subscriptions: Subscriptions;
  readonly #publisherId = createPublisherId();
  #outbox: Promise<Outbox> | undefined;
  #queued = 0;
  #connection = IDLE;
  #page: Promise<() => void> | undefined;
  #destroyed = false;

  constructor(options: SseDriverOptions = {}) {
    this.#options = options;
    this.#client = new HubClient(options);
    this.#subscriptions = new Subscriptions(this.#client, options, {
      publisherId: this.#publisherId,
      changed: () => this.#update(),
      emit: (...event) => this.#emitter.emit(...event),
    });
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
    await accepted;
    // Whoever listens will speak: what that needs is fetched while there is time.
    this.#openOutbox().catch(() => {});
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
    this.#emitter.emit('publish', name, data);
    this.#queue(1);
    try {
      await (await this.#openOutbox()).publish(name, bytes, options);
    } finally {
      this.#queue(-1);
    }
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
    this.#destroyed = true;
    this.#subscriptions.close(destroyed());
    void this.#outbox?.then((outbox) => outbox.close(destroyed()));
    this.#update();
    this.#emitter.clear();
  }

  #openOutbox(): Promise<Outbox> {
    return (this.#outbox ??= import('./Outbox.js').then(
      ({ Outbox }) =>
        new Outbox(this.#client, this.#options, this.#publisherId, (id) =>
          this.#subscriptions.published(id),
        ),
      (cause) => {
        this.#outbox = undefined;
        throw notLoaded(cause);
      },
    ));
  }

  #queue(change: number): void {
    this.#queued += change;
    this.#update();
  }

  #wake(now: boolean): void {
    void this.#outbox?.then((outbox) => outbox.wake());
    this.#subscriptions.wake(now);
  }

  /** Takes stock after any change, tells it where it is one, and minds the page while it matters. */
  #update(): void {
    const last = this.#connection;
    const next: Connection = { ...this.#subscriptions.state, queued: this.#queued };
    if (this.#destroyed) Object.assign(next, { status: 'closed' });
    if ((Object.keys(next) as (keyof Connection)[]).every((key) => next[key] === last[key])) return;
    this.#connection = next;
    this.#mindPage(!this.#destroyed && (next.status !== 'idle' || next.queued > 0));
    this.#emitter.emit('connection', next);
    const active = next.status === 'open';
    if (active !== (last.status === 'open')) this.#emitter.emit(active ? 'active' : 'inactive');
  }

  #mindPage(needed: boolean): void {
    if (needed) {
      this.#page ??= import('./page.js').then(
        ({ onWake }) => onWake((now) => this.#wake(now)),
        () => () => {},
      );
    } else {
      void this.#page?.then((leave) => leave());
      this.#page = undefined;
    }
  }

  #assertAlive(): void {
    if (this.#destroyed) throw destroyed();
  }
}
