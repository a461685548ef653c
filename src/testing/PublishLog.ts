import type { ByteArray, Bytes, Codec, PublishOptions } from '../driver/index.js';

/** What was published through the driver of a test. */
export interface Published {
  /** Where to. */
  readonly topic: string;
  /** What it says; `undefined` where the codec cannot tell, and a promise where it is asynchronous. */
  readonly value: unknown;
  /** Its bytes. */
  readonly data: ByteArray;
  /** Its type. */
  readonly type: string;
  /** Whether it was private. */
  readonly private: boolean;
}

// Taken before a test puts others in their place: fake timers must not hold back a test that waits.
const { setTimeout, clearTimeout } = globalThis;

/** Writes down what is published, and hands it out by topic. */
export class PublishLog {
  readonly #codec: Codec<unknown>;
  readonly #untaken = new Map<string, Published[]>();
  readonly #takers = new Map<string, ((published: Published) => void)[]>();
  #all: Published[] = [];

  constructor(codec: Codec<unknown>) {
    this.#codec = codec;
  }

  get all(): readonly Published[] {
    return this.#all;
  }

  /** Data that is still being made is written down once it is there. */
  add(topic: string, data: Bytes | Promise<Bytes>, options: PublishOptions): void {
    if (!(data instanceof Promise)) return this.#write(topic, data, options);
    // The publish rejects with the same reason.
    data.then(
      (bytes) => this.#write(topic, bytes, options),
      () => {},
    );
  }

  /** Takes the next one on this topic; rejects after so many ms. */
  async next(topic: string, timeout: number): Promise<Published> {
    const ready = this.#untaken.get(topic)?.shift();
    if (ready) return ready;
    const takers = this.#takers.get(topic) ?? [];
    this.#takers.set(topic, takers);
    return new Promise((resolve, reject) => {
      const take = (published: Published): void => {
        clearTimeout(timer);
        resolve(published);
      };
      const timer = setTimeout(() => {
        takers.splice(takers.indexOf(take), 1);
        reject(
          new Error(`Nothing was published on "${topic}" within ${timeout} ms. ${this.#list()}`),
        );
      }, timeout);
      takers.push(take);
    });
  }

  clear(): void {
    this.#all = [];
    this.#untaken.clear();
  }

  #write(topic: string, data: Bytes, options: PublishOptions): void {
    // Not bytes: the driver rejects it.
    if (!ArrayBuffer.isView(data) && !Array.isArray(data)) return;
    const bytes = new Uint8Array(data);
    const published: Published = {
      topic,
      value: this.#decode(bytes, topic),
      data: bytes,
      type: options.type ?? 'message',
      private: options.private ?? false,
    };
    this.#all = [...this.#all, published];
    const taker = this.#takers.get(topic)?.shift();
    if (taker) return taker(published);
    const untaken = this.#untaken.get(topic) ?? [];
    this.#untaken.set(topic, [...untaken, published]);
  }

  #decode(bytes: ByteArray, topic: string): unknown {
    try {
      return this.#codec.decode(bytes, { topic, subscription: this });
    } catch {
      return undefined;
    }
  }

  #list(): string {
    const topics = [...new Set(this.#all.map(({ topic }) => `"${topic}"`))];
    return topics.length > 0
      ? `Published so far on: ${topics.join(', ')}.`
      : 'Nothing was published.';
  }
}
