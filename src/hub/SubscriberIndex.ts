import type { PatternSelector } from './selectors.js';
import type { Subscriber } from './Subscriber.js';

/** One subscriber, or several: most topics have one, which needs no set. */
type Subscribers = Subscriber | Set<Subscriber>;

/** A pattern and who selects by it. */
interface PatternEntry {
  pattern: PatternSelector;
  subscribers: Set<Subscriber>;
}

/** How many topics are remembered with the patterns that match them, and how long they may be. */
const MAX_RESOLVED = 4_096;
const MAX_RESOLVED_LENGTH = 1_024;

/** Finds the subscribers of a topic without asking all of them. */
export class SubscriberIndex {
  readonly #exact = new Map<string, Subscribers>();
  readonly #patterns = new Map<string, PatternEntry>();
  /** The patterns that match a topic; outdated once there are other patterns. */
  readonly #resolved = new Map<string, PatternEntry[]>();

  add(subscriber: Subscriber): void {
    const { older, newer, patterns } = subscriber.selected;
    for (const topics of [older, newer]) {
      for (const topic of topics) this.#exact.set(topic, join(this.#exact.get(topic), subscriber));
    }
    for (const pattern of patterns) {
      const entry = this.#patterns.get(pattern.key);
      if (entry) entry.subscribers.add(subscriber);
      else this.#setPattern(pattern, { pattern, subscribers: new Set([subscriber]) });
    }
  }

  delete(subscriber: Subscriber): void {
    const { older, newer, patterns } = subscriber.selected;
    for (const topics of [older, newer]) {
      for (const topic of topics) this.#deleteExact(topic, subscriber);
    }
    for (const pattern of patterns) {
      const subscribers = this.#patterns.get(pattern.key)?.subscribers;
      subscribers?.delete(subscriber);
      if (subscribers?.size === 0) this.#setPattern(pattern, undefined);
    }
  }

  /** Everybody who selects one of `topics`, once. */
  of(topics: readonly string[]): Iterable<Subscriber> {
    const groups = topics.flatMap((topic) => {
      const exact = this.#exact.get(topic);
      const patterns = this.#resolve(topic).map(({ subscribers }) => subscribers);
      return exact ? [exact, ...patterns] : patterns;
    });
    if (groups.length === 0) return [];
    const [only] = groups;
    if (groups.length === 1) return only instanceof Set ? only : [only!];
    return new Set(groups.flatMap((group) => (group instanceof Set ? [...group] : group)));
  }

  #deleteExact(topic: string, subscriber: Subscriber): void {
    const subscribers = this.#exact.get(topic);
    if (subscribers instanceof Set) subscribers.delete(subscriber);
    if (subscribers === subscriber || (subscribers instanceof Set && subscribers.size === 0)) {
      this.#exact.delete(topic);
    }
  }

  #setPattern({ key }: PatternSelector, entry: PatternEntry | undefined): void {
    this.#resolved.clear();
    if (entry) this.#patterns.set(key, entry);
    else this.#patterns.delete(key);
  }

  #resolve(topic: string): readonly PatternEntry[] {
    if (this.#patterns.size === 0) return [];
    const known = this.#resolved.get(topic);
    if (known) return known;
    const found = [...this.#patterns.values()].filter(({ pattern }) => pattern.matches(topic));
    if (topic.length <= MAX_RESOLVED_LENGTH) {
      if (this.#resolved.size >= MAX_RESOLVED) this.#resolved.clear();
      this.#resolved.set(topic, found);
    }
    return found;
  }
}

function join(subscribers: Subscribers | undefined, subscriber: Subscriber): Subscribers {
  if (subscribers === undefined || subscribers === subscriber) return subscriber;
  return subscribers instanceof Set
    ? subscribers.add(subscriber)
    : new Set([subscribers, subscriber]);
}
