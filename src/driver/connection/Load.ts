import type { TopicSelector, TopicSet } from '../topics.js';

/** The subscriptions that one stream carries. */
export class Load {
  readonly keys: readonly string[];
  readonly #sets: ReadonlyMap<string, TopicSet>;
  /** The subscriptions of each topic, once it is asked for. */
  #keysOf: Map<string, string[]> | undefined;

  constructor(sets: readonly TopicSet[]) {
    this.#sets = new Map(sets.map((set) => [set.key, set]));
    this.keys = [...this.#sets.keys()];
  }

  get size(): number {
    return this.#sets.size;
  }

  /** All that the hub is asked for, each once. */
  get selectors(): TopicSelector[] {
    return [...new Set([...this.#sets.values()].flatMap(({ selectors }) => selectors))];
  }

  has(key: string): boolean {
    return this.#sets.has(key);
  }

  /** Whether it has a subscription in common with another one. */
  overlaps(other: Load): boolean {
    return this.keys.some((key) => other.has(key));
  }

  /** The subscriptions that name one of these topics. */
  keysOf(topics: readonly string[]): readonly string[] {
    this.#keysOf ??= this.#index();
    const [first = [], ...others] = topics.map((topic) => this.#keysOf!.get(topic) ?? []);
    return others.length === 0 ? first : [...new Set([...first, ...others.flat()])];
  }

  #index(): Map<string, string[]> {
    const keysOf = new Map<string, string[]>();
    for (const [key, { selectors }] of this.#sets) {
      for (const topic of selectors as string[]) {
        keysOf.set(topic, [...(keysOf.get(topic) ?? []), key]);
      }
    }
    return keysOf;
  }
}
