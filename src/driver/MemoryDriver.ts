import { cancelled, destroyed, toBytes, toTopic } from './arguments.js';
import { deliver } from './deliver.js';
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
import { Topic } from './Topic.js';

/** Carries signals between the {@link MemoryDriver}s that were made with it. */
export class MemoryHub {
  /** @internal */
  readonly drivers = new Set<MemoryDriver>();
  /** @internal */
  published = 0;
}

/**
 * A driver without a network: for tests, for demonstrations, and for peers in one page. It keeps the
 * whole contract; what is published arrives in a microtask, at its publisher too.
 *
 * @example
 * ```ts
 * const hub = new MemoryHub();
 * const [alice, bob] = [new MemoryDriver(hub), new MemoryDriver(hub)];
 * ```
 */
export class MemoryDriver implements Driver {
  readonly #hub: MemoryHub;
  readonly #emitter = new Emitter<DriverEvents>();
  readonly #topics = new Map<string, Topic>();
  #connection = IDLE;
  #destroyed = false;

  /** @param hub Whom it talks through. Default: a hub of its own. */
  constructor(hub: MemoryHub = new MemoryHub()) {
    this.#hub = hub;
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
    const entry = this.#topics.get(name) ?? new Topic();
    this.#topics.set(name, entry);
    this.#hub.drivers.add(this);
    entry.handlers.add(handler);
    this.#emitter.emit('subscribe', name, handler);
    queueMicrotask(() => {
      if (this.#topics.get(name) !== entry) return;
      entry.accept();
      this.#become({ status: 'open' });
    });
    await entry.ready;
    if (!entry.handlers.has(handler)) throw cancelled();
  }

  async unsubscribe(topic: string, handler?: SignalHandler): Promise<void> {
    const name = toTopic(topic);
    const entry = this.#topics.get(name);
    if (!entry) return;
    if (handler) entry.handlers.delete(handler);
    else entry.handlers.clear();
    if (entry.handlers.size === 0) {
      this.#topics.delete(name);
      entry.refuse(cancelled());
    }
    this.#emitter.emit('unsubscribe', name, handler);
    if (this.#topics.size === 0) this.#become({ status: 'idle' });
  }

  async publish(topic: string, data: Bytes, options: PublishOptions = {}): Promise<void> {
    const name = toTopic(topic);
    const bytes = toBytes(data);
    this.#assertAlive();
    this.#emitter.emit('publish', name, data);
    const id = `memory:${++this.#hub.published}`;
    await Promise.resolve();
    for (const driver of this.#hub.drivers) {
      driver.#receive(name, bytes, id, options.type ?? 'message', driver === this);
    }
  }

  reconnect(): void {}

  on<E extends keyof DriverEvents>(event: E, listener: DriverListener<E>): void {
    this.#emitter.on(event, listener);
  }

  off<E extends keyof DriverEvents>(event: E, listener: DriverListener<E>): void {
    this.#emitter.off(event, listener);
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#hub.drivers.delete(this);
    for (const topic of this.#topics.values()) topic.refuse(destroyed());
    this.#topics.clear();
    this.#become({ status: 'closed' });
    this.#emitter.clear();
  }

  #receive(
    name: string,
    bytes: Uint8Array<ArrayBuffer>,
    id: string,
    type: string,
    own: boolean,
  ): void {
    const topic = this.#topics.get(name);
    if (!topic?.accepted) return;
    deliver(topic.handlers, bytes, { topic: name, id, type, own }, (error) =>
      this.#emitter.emit('error', error),
    );
  }

  #become(change: Partial<Connection>): void {
    const wasActive = this.active;
    if (change.status === this.#connection.status) return;
    this.#connection = { ...this.#connection, ...change };
    this.#emitter.emit('connection', this.#connection);
    if (this.active !== wasActive) this.#emitter.emit(this.active ? 'active' : 'inactive');
  }

  #assertAlive(): void {
    if (this.#destroyed) throw destroyed();
  }
}
