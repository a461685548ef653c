import { encodeEvent, type Update } from '../mercure/index.js';

const encoder = new TextEncoder();

/** An update that was taken. It is encoded once, for however many subscribers. */
export class EncodedUpdate {
  readonly id: string;
  readonly topics: readonly string[];
  readonly private: boolean;
  readonly #update: Update;
  readonly #namesTopics: boolean;
  readonly #encoded = new Map<string, Uint8Array>();

  constructor(update: Update, id: string, namesTopics: boolean) {
    this.id = id;
    this.topics = update.topics;
    this.private = update.private ?? false;
    this.#update = update;
    this.#namesTopics = namesTopics;
  }

  /** How much of the history it takes, in bytes. */
  get size(): number {
    return this.bytes().byteLength;
  }

  /** As an event that names `topics`, where this hub names topics at all. */
  bytes(topics: readonly string[] = this.topics): Uint8Array {
    const named = this.#namesTopics ? topics : [];
    const key = named.join('\n');
    let bytes = this.#encoded.get(key);
    if (!bytes) {
      const { data = '', type, retry } = this.#update;
      bytes = encoder.encode(encodeEvent({ id: this.id, data, type, retry, topics: named }));
      this.#encoded.set(key, bytes);
    }
    return bytes;
  }
}
