import type { Update } from '../mercure/index.js';
import type { Settings } from './options.js';
import { describe, type Subscription } from './subscriptions.js';
import type { Subscriber } from './Subscriber.js';

/** Announces who subscribes and who no longer does, and knows the subscriptions of all hubs. */
export class Presence {
  readonly #settings: Settings;
  readonly #publish: (update: Update) => Promise<unknown>;
  readonly #announced = new Set<Subscriber>();
  /** What is under way to the storage. */
  readonly #pending = new Set<Promise<unknown>>();

  /** @param publish sends an update to the log. */
  constructor(settings: Settings, publish: (update: Update) => Promise<unknown>) {
    this.#settings = settings;
    this.#publish = publish;
  }

  add(subscriber: Subscriber): void {
    if (!this.#settings.subscriptions) return;
    this.#announced.add(subscriber);
    for (const selector of subscriber.selected) {
      const subscription = describe(subscriber, selector, true);
      const document = JSON.stringify(subscription);
      this.#track(this.#settings.storage.roster?.set(subscription.id, document));
      this.#announce(subscription);
    }
  }

  delete(subscriber: Subscriber): void {
    if (!this.#announced.delete(subscriber)) return;
    for (const selector of subscriber.selected) {
      const subscription = describe(subscriber, selector, false);
      this.#track(this.#settings.storage.roster?.delete(subscription.id));
      this.#announce(subscription);
    }
  }

  /** Another hub has died, and its subscribers with it. */
  bury(documents: readonly string[]): void {
    if (!this.#settings.subscriptions) return;
    for (const document of documents) {
      this.#announce({ ...(JSON.parse(document) as Subscription), active: false });
    }
  }

  /** The subscriptions of all hubs on the log. Rejects where the storage does not answer. */
  async list(): Promise<Subscription[]> {
    const { roster } = this.#settings.storage;
    if (roster) return (await roster.list()).map((document) => JSON.parse(document));
    return [...this.#announced].flatMap((subscriber) =>
      [...subscriber.selected].map((selector) => describe(subscriber, selector, true)),
    );
  }

  /** Resolves once the storage has, or refuses, what was announced. */
  async settled(): Promise<void> {
    await Promise.all(this.#pending);
  }

  #announce(subscription: Subscription): void {
    this.#track(
      this.#publish({
        topics: [subscription.id],
        data: JSON.stringify(subscription, null, 2),
        private: true,
        ...('match' in subscription && { type: 'mercure' }),
      }),
    );
  }

  #track(work: Promise<unknown> | undefined): void {
    if (!work) return;
    // A lost announcement is not repeated: the presence API still has the subscription.
    const pending = work.catch(() => {}).finally(() => this.#pending.delete(pending));
    this.#pending.add(pending);
  }
}
