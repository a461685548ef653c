import { json, MemoryDriver, SignalingError } from '../../src/driver/index.js';
import type {
  Bytes,
  Driver,
  DriverEvents,
  DriverListener,
  MemoryHub,
  PublishOptions,
  SignalHandler,
} from '../../src/driver/index.js';

/** A signal of a call, as it was on the wire. */
export interface Mail {
  topic: string;
  message: any;
  options?: PublishOptions | undefined;
}

/** A driver whose hub is some way off and can be lost, and whose mail can be looked into. */
export class TestDriver implements Driver {
  readonly published: Mail[] = [];
  readonly received: Mail[] = [];
  /** Says what is let through, and may change it. */
  lets: (mail: Mail) => boolean = () => true;
  readonly #inner: MemoryDriver;
  readonly #latency: number;
  readonly #wrappers = new Map<SignalHandler, SignalHandler>();
  readonly #onActive = new Set<() => void>();
  #away = false;

  /** @param latency How long a publish takes, in ms. */
  constructor(hub: MemoryHub, latency = 0) {
    this.#inner = new MemoryDriver(hub);
    this.#latency = latency;
  }

  get active() {
    return !this.#away && this.#inner.active;
  }

  get connection() {
    return this.#inner.connection;
  }

  /** The hub is gone: nothing arrives, nothing can be published. */
  lose(): void {
    this.#away = true;
  }

  /** The hub is back. What was missed stays missed. */
  find(): void {
    this.#away = false;
    for (const listener of this.#onActive) listener();
  }

  on<E extends keyof DriverEvents>(event: E, listener: DriverListener<E>): void {
    if (event === 'active') this.#onActive.add(listener);
    this.#inner.on(event, listener);
  }

  off<E extends keyof DriverEvents>(event: E, listener: DriverListener<E>): void {
    this.#onActive.delete(listener);
    this.#inner.off(event, listener);
  }

  subscribe(topic: string, handler: SignalHandler): Promise<void> {
    const wrapper: SignalHandler = (bytes, event) => {
      const mail = { topic, message: json.decode(bytes) };
      if (this.#away || !this.lets(mail)) return;
      this.received.push(mail);
      handler(json.encode(mail.message) as Uint8Array<ArrayBuffer>, event);
    };
    this.#wrappers.set(handler, wrapper);
    return this.#inner.subscribe(topic, wrapper);
  }

  unsubscribe(topic: string, handler: SignalHandler): Promise<void> {
    return this.#inner.unsubscribe(topic, this.#wrappers.get(handler));
  }

  async publish(topic: string, data: Bytes, options?: PublishOptions): Promise<void> {
    // Also what comes from another frame, whose arrays are not ours.
    const bytes = Uint8Array.from(data);
    this.published.push({ topic, message: json.decode(bytes), options });
    if (this.#latency > 0) await new Promise((resolve) => setTimeout(resolve, this.#latency));
    if (this.#away) throw new SignalingError('unreachable', 'The hub is away.');
    await this.#inner.publish(topic, bytes, options);
  }

  reconnect(): void {}

  destroy(): void {
    this.#inner.destroy();
  }
}
