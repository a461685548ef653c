import type { Selector } from './selectors.js';
import type { Subscriber } from './Subscriber.js';

/** Who listens to what. A topic finds its subscribers without asking all of them. */
export class Audience {
  readonly #exact = new Map<string, Set<Subscriber>>();
  readonly #patterns = new Map<string, { selector: Selector; subscribers: Set<Subscriber> }>();

  add(subscriber: Subscriber): void {
    for (const selector of subscriber.selected.selectors) {
      this.#subscribersOf(selector).add(subscriber);
    }
  }

  delete(subscriber: Subscriber): void {
    for (const selector of subscriber.selected.selectors) {
      const subscribers = this.#subscribersOf(selector);
      subscribers.delete(subscriber);
      if (subscribers.size > 0) continue;
      if (selector.exact) this.#exact.delete(selector.match);
      else this.#patterns.delete(selector.key);
    }
  }

  /** Everybody who selects one of `topics`, once. */
  of(topics: readonly string[]): Set<Subscriber> {
    const found = new Set<Subscriber>();
    const add = (subscribers: Iterable<Subscriber>) => {
      for (const subscriber of subscribers) found.add(subscriber);
    };
    for (const topic of topics) add(this.#exact.get(topic) ?? []);
    for (const { selector, subscribers } of this.#patterns.values()) {
      if (topics.some((topic) => selector.matches(topic))) add(subscribers);
    }
    return found;
  }

  #subscribersOf(selector: Selector): Set<Subscriber> {
    if (selector.exact) {
      const subscribers = this.#exact.get(selector.match) ?? new Set();
      this.#exact.set(selector.match, subscribers);
      return subscribers;
    }
    const entry = this.#patterns.get(selector.key) ?? { selector, subscribers: new Set() };
    this.#patterns.set(selector.key, entry);
    return entry.subscribers;
  }
}
