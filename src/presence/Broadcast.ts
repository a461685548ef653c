import {
  json,
  type ByteArray,
  type Codec,
  type Driver,
  type Encoding,
  type PublishOptions,
  type SignalEvent,
  type SignalingError,
} from '../driver/index.js';
import { ValueReader } from '../driver/values.js';

/** How members of a topic talk: what {@link Broadcast} takes. */
export interface BroadcastOptions {
  /** What carries it. */
  driver: Driver;
  /** Where they meet. */
  topic: string;
  /** How messages become bytes: `sealed(secret)` hides them from the hub. Default: `json`. */
  codec?: Codec<any> | undefined;
  /** How the bytes travel. Default: that of the driver. */
  encoding?: Encoding | undefined;
  /** Publishes private updates (Mercure, "Authorization"). Default: `false`. */
  private?: boolean | undefined;
}

/** A message of so many bytes is none. */
const MAX_BYTES = 256 * 1024;
/** So many messages may wait to be decoded. */
const MAX_BACKLOG = 1_000;

/** Messages of one type to everybody on a topic. Those of other types pass by. */
export class Broadcast {
  readonly #options: BroadcastOptions;
  readonly #type: string;
  readonly #receive: (message: unknown) => void;
  readonly #onError: (error: SignalingError) => void;
  #reader: ValueReader | undefined;
  #backlog = 0;

  /** @param onError gets why a signal does not decode. */
  constructor(
    type: string,
    options: BroadcastOptions,
    receive: (message: unknown) => void,
    onError: (error: SignalingError) => void = () => {},
  ) {
    this.#type = type;
    this.#options = options;
    this.#receive = receive;
    this.#onError = onError;
  }

  open(): void {
    const { driver, topic, encoding } = this.#options;
    this.#reader = new ValueReader();
    this.#backlog = 0;
    // A refusal is part of the state of the topic.
    driver.subscribe(topic, this.#take, { encoding }).catch(() => {});
  }

  close(): void {
    const { driver, topic } = this.#options;
    this.#reader = undefined;
    driver.unsubscribe(topic, this.#take).catch(() => {});
  }

  /** The bytes of a message, to be published later. */
  async encode(message: unknown): Promise<Uint8Array> {
    const { codec = json, topic } = this.#options;
    return codec.encode(message, topic);
  }

  async publish(bytes: Uint8Array, options: PublishOptions = {}): Promise<void> {
    const { driver, topic, encoding, private: isPrivate = false } = this.#options;
    await driver.publish(topic, bytes, {
      type: this.#type,
      encoding,
      private: isPrivate,
      ...options,
    });
  }

  readonly #take = (bytes: ByteArray, { type }: SignalEvent): void => {
    const reader = this.#reader;
    const isOurs = type === this.#type && bytes.length <= MAX_BYTES;
    if (!reader || !isOurs || this.#backlog >= MAX_BACKLOG) return;
    this.#backlog++;
    const { topic, codec } = this.#options;
    reader.read<unknown>(bytes, topic, topic, { codec }, (result) => {
      // It was closed while this was decoded.
      if (reader !== this.#reader) return;
      this.#backlog--;
      if ('error' in result) this.#onError(result.error);
      else this.#receive(result.value);
    });
  };
}
