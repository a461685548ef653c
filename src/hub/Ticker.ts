import type { Grants } from './grants.js';
import type { Settings } from './options.js';
import type { Subscriber } from './Subscriber.js';

/** The shortest and the longest time between two looks, in ms. */
const MIN_INTERVAL = 5;
const MAX_INTERVAL = 1_000;

/** Keeps the time of all streams with one timer: when one needs a heartbeat, and when one ends. */
export class Ticker {
  readonly #settings: Settings;
  readonly #subscribers: ReadonlySet<Subscriber>;
  readonly #interval: number;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(settings: Settings, subscribers: ReadonlySet<Subscriber>) {
    const { heartbeatInterval, writeTimeout } = settings;
    const shortest = Math.min(heartbeatInterval || Infinity, writeTimeout || Infinity) / 10;
    this.#settings = settings;
    this.#subscribers = subscribers;
    this.#interval = Math.max(MIN_INTERVAL, Math.min(MAX_INTERVAL, shortest));
  }

  /** When a stream that opens now ends; spread, so that not all subscribers reconnect at once. */
  endOf(grants: Grants | undefined): number {
    const spread = 0.8 + Math.random() * 0.2;
    const now = Date.now();
    const byTimeout = this.#settings.writeTimeout ? this.#settings.writeTimeout * spread : Infinity;
    const life = (grants?.expiresAt ?? Infinity) - now;
    // Five seconds early, but a short life is not cut to nothing.
    return now + Math.min(byTimeout, Math.max(life * spread - 5000, life / 2));
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#tick(Date.now()), this.#interval);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(now: number): void {
    const { heartbeatInterval } = this.#settings;
    for (const subscriber of this.#subscribers) {
      if (now >= subscriber.endsAt) subscriber.expire();
      else if (heartbeatInterval) subscriber.beat(now - heartbeatInterval);
    }
  }
}
