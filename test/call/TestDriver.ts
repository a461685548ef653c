import { json, MemoryDriver, SignalingError, type MemoryHub } from '../../src/driver/index.js';
import type { Bytes, PublishOptions, SignalEvent, SignalHandler } from '../../src/driver/index.js';

export interface Published {
  topic: string;
  message: any;
  options: PublishOptions | undefined;
}

/** A MemoryDriver whose hub is some way off, can be lost, and whose mail can be looked into. */
export class TestDriver extends MemoryDriver {
  readonly published: Published[] = [];
  /** Lets a signal through, or keeps it. */
  filter: (message: any, event: SignalEvent) => boolean = () => true;
  readonly #latency: number;
  readonly #wrappers = new Map<SignalHandler, SignalHandler>();
  readonly #onActive = new Set<() => void>();
  #away = false;

  constructor(hub: MemoryHub, latency = 0) {
    super(hub);
    this.#latency = latency;
  }

  /** The hub is gone: nothing arrives, nothing can be published. */
  lose(): void {
    this.#away = true;
  }

  /** The hub is back. What was missed is missed. */
  find(): void {
    this.#away = false;
    for (const listener of this.#onActive) listener();
  }

  override on(...[event, listener]: Parameters<MemoryDriver['on']>): void {
    if (event === 'active') this.#onActive.add(listener as () => void);
    super.on(event, listener);
  }

  override off(...[event, listener]: Parameters<MemoryDriver['off']>): void {
    this.#onActive.delete(listener as () => void);
    super.off(event, listener);
  }

  override subscribe(topic: string, handler: SignalHandler): Promise<void> {
    const wrapper: SignalHandler = (bytes, event) => {
      if (!this.#away && this.filter(json.decode(bytes), event)) handler(bytes, event);
    };
    this.#wrappers.set(handler, wrapper);
    return super.subscribe(topic, wrapper);
  }

  override unsubscribe(topic: string, handler?: SignalHandler): Promise<void> {
    return super.unsubscribe(topic, handler && this.#wrappers.get(handler));
  }

  override async publish(topic: string, data: Bytes, options?: PublishOptions): Promise<void> {
    const bytes = Uint8Array.from(data);
    this.published.push({ topic, message: json.decode(bytes), options });
    if (this.#latency > 0) await new Promise((resolve) => setTimeout(resolve, this.#latency));
    if (this.#away) throw new SignalingError('unreachable', 'The hub is away.');
    await super.publish(topic, bytes, options);
  }
}
