import { encodeEvent, encodeHead, encodeTopics } from '../mercure/index.js';
import { Frame } from './Frame.js';
import type { Grants } from './grants.js';
import { subscriberOf } from './subscriptions.js';
import type { UpdateEntry } from './storage/Storage.js';

/** What an update costs beside its text, in bytes: objects and their places in the history. */
const OVERHEAD = 700;

/** Where an update stands in the history: what cursors call it. */
export class Place {
  readonly id: string;
  /** Stands for `id` where a cursor goes to a subscriber that must not learn the id. */
  readonly alias: string;
  readonly topics: readonly string[];
  readonly private: boolean;

  constructor({ id, alias = id, topics, private: isPrivate = false }: UpdateEntry | Place) {
    this.id = id;
    this.alias = alias;
    this.topics = topics;
    this.private = isPrivate;
  }

  /** Whether the holder of `grants` may see the update. */
  isVisibleTo(grants: Grants | undefined): boolean {
    return !this.private || this.topics.some((topic) => grants?.subscribe.has(topic));
  }

  /** What it is called in a cursor for the holder of `grants`. */
  cursorFor(grants: Grants | undefined): string {
    return this.isVisibleTo(grants) ? this.id : this.alias;
  }
}

/** An update as the history keeps it and subscribers get it, encoded once for all of them. */
export class EncodedUpdate extends Place {
  /** Names all topics, where topics are named. */
  readonly #frame: Frame;
  /** The subscriber that an announcement of 0.x is about. */
  readonly #about: string | undefined;
  /** What stands before the topics of an update of which some subscribers see only some topics. */
  readonly #head: string | undefined;

  constructor(entry: UpdateEntry, namesTopics: boolean) {
    super(entry);
    const { id, topics, data = '', type, retry } = entry;
    this.#frame = new Frame(
      encodeEvent({ id, data, type, retry, topics: namesTopics ? topics : [] }),
    );
    this.#about = type === undefined ? subscriberOf(topics[0]!) : undefined;
    const varies = this.private && namesTopics && topics.length > 1;
    this.#head = varies ? encodeHead({ id, type, retry }) : undefined;
  }

  /** Whether it announces this subscriber, in the way of 0.x. */
  isAbout(subscriberId: string): boolean {
    return this.#about === subscriberId;
  }

  /** How much memory it takes, in bytes. */
  get size(): number {
    const text = this.topics.reduce((sum, topic) => sum + topic.length, 2 * this.id.length);
    return OVERHEAD + text + this.#frame.chunk.byteLength;
  }

  /** Whether the other one would look the same to every subscriber. */
  equals(other: EncodedUpdate): boolean {
    return (
      this.private === other.private &&
      this.topics.join('\n') === other.topics.join('\n') &&
      this.#frame.equals(other.#frame)
    );
  }

  /**
   * What the holder of `grants` gets: of a private update's topics only those are named that the
   * token grants (dunglas/mercure#1380).
   */
  frameFor(grants: Grants | undefined): Frame {
    if (this.#head === undefined) return this.#frame;
    const visible = this.topics.filter((topic) => grants?.subscribe.has(topic));
    if (visible.length === this.topics.length) return this.#frame;
    const head = new Frame(this.#head, encodeTopics(this.topics)).bytes.byteLength;
    return new Frame(this.#head, encodeTopics(visible), this.#frame.bytes.subarray(head));
  }
}
