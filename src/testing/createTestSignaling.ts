import {
  json,
  MemoryDriver,
  MemoryHub,
  type Bytes,
  type Codec,
  type Driver,
  type DriverOptions,
  type Encoding,
  type PublishOptions,
} from '../driver/index.js';
import { encodeBase64 } from '../mercure/index.js';
import { provideEncoders } from './provideEncoders.js';
import { PublishLog, type Published } from './PublishLog.js';

/** Options of {@link createTestSignaling}: those of every driver, and the codec of the app. */
export interface TestSignalingOptions extends DriverOptions {
  /** How values are read and written where a call does not say otherwise. Default: `json`. */
  codec?: Codec<any> | undefined;
}

/** Options of {@link TestSignaling.signal}. */
export interface TestSignalOptions<Value> {
  /** Default: the `codec` of {@link createTestSignaling}. */
  codec?: Codec<Value> | undefined;
  /** How the bytes travel. Default: the `encoding` of {@link createTestSignaling}. */
  encoding?: Encoding | undefined;
  /** What the handler sees as `event.type`. Default: `message`. */
  type?: string | undefined;
  /** Whether the handler sees it as its own (`event.own`). Default: `false`. */
  own?: boolean | undefined;
}

/** Options of {@link TestSignaling.published}. */
export interface TestPublishedOptions<Value> {
  /** Default: the `codec` of {@link createTestSignaling}. */
  codec?: Codec<Value> | undefined;
  /**
   * How long to wait, in ms of real time: fake timers do not hold it back. Default: 1,000.
   */
  timeout?: number | undefined;
}

/**
 * A hub without a network whose other side is the test: it sends signals, breaks the connection,
 * refuses and delays, and reads what the components publish. Further people in one test are further
 * drivers on it: `new MemoryDriver(signaling)`.
 */
export class TestSignaling extends MemoryHub {
  readonly #options: TestSignalingOptions;
  readonly #log: PublishLog;
  #driver: TestDriver;

  /** @internal Made by {@link createTestSignaling}. */
  constructor(options: TestSignalingOptions = {}) {
    super();
    provideEncoders();
    this.#options = options;
    this.#log = new PublishLog(options.codec ?? json);
    this.#driver = this.#createDriver();
  }

  /** For the provider: `<SignalingProvider driver={signaling.driver}>`. */
  get driver(): Driver {
    return this.#driver;
  }

  /** All that was published through {@link driver}, in order, also what the hub has not taken. */
  get publishes(): readonly Published[] {
    return this.#log.all;
  }

  /**
   * Sends a signal to everybody who listens to `topic`; to those who listen later with `since`, it
   * is past. In a test of React,
   * `await act(() => signaling.signal(topic, value))`, or do not await it and look with `findBy…`.
   *
   * @returns a promise that resolves once the handlers were called, which is while the hub is there.
   */
  async signal<Value>(
    topic: string,
    value: Value,
    options: TestSignalOptions<Value> = {},
  ): Promise<void> {
    const { codec = this.#options.codec ?? json, type, own = false } = options;
    const { encoding = this.#options.encoding ?? 'base64' } = options;
    const encoded = codec.encode(value, topic);
    const bytes = encoded instanceof Promise ? await encoded : encoded;
    if (own) return this.#driver.publishUnseen(topic, bytes, { encoding, ...(type && { type }) });
    const data = encoding === 'text' ? new TextDecoder().decode(bytes) : encodeBase64(bytes);
    await this.publish({ topics: [topic], data, ...(type && { type }) });
  }

  /**
   * The next value that was published to `topic` through {@link driver}, in order; waits for it where
   * there is none yet. Each call takes one.
   *
   * @returns a promise that rejects where nothing comes in time. Its message lists what was published
   *   elsewhere.
   */
  async published<Value = any>(
    topic: string,
    { codec = this.#options.codec ?? json, timeout = 1_000 }: TestPublishedOptions<Value> = {},
  ): Promise<Value> {
    const { data } = await this.#log.next(topic, timeout);
    return codec.decode(data, { topic, subscription: {} });
  }

  /**
   * Begins anew: the hub is there, refuses nothing and remembers nothing, {@link publishes} is empty, and
   * {@link driver} is a new one. For a signaling that several tests share.
   */
  reset(): void {
    this.mend();
    this.forget();
    this.#log.clear();
    this.#driver.destroy();
    this.#driver = this.#createDriver();
  }

  #createDriver(): TestDriver {
    return new TestDriver(this, this.#options, this.#log);
  }
}

/** A driver whose publishes are written down. */
class TestDriver extends MemoryDriver {
  readonly #log: PublishLog;

  constructor(hub: MemoryHub, options: DriverOptions, log: PublishLog) {
    super(hub, options);
    this.#log = log;
  }

  override publish(
    topic: string,
    data: Bytes | Promise<Bytes>,
    options: PublishOptions = {},
  ): Promise<void> {
    this.#log.add(topic, data, options);
    return super.publish(topic, data, options);
  }

  publishUnseen(topic: string, data: Bytes, options: PublishOptions): Promise<void> {
    return super.publish(topic, data, options);
  }
}

/**
 * Makes a driver for tests, and all that a test needs of its hub. It takes no network and no timer
 * of its own, so it works with real and with fake timers.
 *
 * @example
 * ```tsx
 * const signaling = createTestSignaling();
 * render(<SignalingProvider driver={signaling.driver}><Chat /></SignalingProvider>);
 * await act(() => signaling.signal(TOPIC, { text: 'Hello' }));
 * await userEvent.type(screen.getByRole('textbox'), 'Hi{Enter}');
 * expect(await signaling.published(TOPIC)).toEqual({ text: 'Hi' });
 * ```
 */
export function createTestSignaling(options: TestSignalingOptions = {}): TestSignaling {
  return new TestSignaling(options);
}
