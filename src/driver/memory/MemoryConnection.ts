import type { StreamEvent, Update } from '../../mercure/index.js';
import {
  CONNECTING,
  OPEN,
  type Connection,
  type ConnectionOwner,
} from '../connection/Connection.js';
import { isRetryable } from '../SignalingError.js';
import type { TopicSelector, TopicSet } from '../topics.js';
import type { MemoryHub, MemoryListener } from './MemoryHub.js';
import { selects } from './selects.js';

/** A connection to a hub in the same page. */
export class MemoryConnection implements Connection, MemoryListener {
  readonly #hub: MemoryHub;
  readonly #owner: ConnectionOwner;
  readonly #served = new Set<string>();
  /** What ends the wait of those that the hub takes its time for. */
  readonly #waiting = new Map<string, () => void>();
  #wanted: ReadonlyMap<string, TopicSet> = new Map();

  constructor(hub: MemoryHub, owner: ConnectionOwner) {
    this.#hub = hub;
    this.#owner = owner;
  }

  get selectors(): readonly TopicSelector[] {
    return [...this.#wanted.values()].flatMap(({ selectors }) => selectors);
  }

  want(sets: ReadonlyMap<string, TopicSet>): void {
    this.#wanted = sets;
    // At once: what leaves and comes back before the hub looks begins anew.
    for (const key of this.#served) if (!sets.has(key)) this.#served.delete(key);
    this.#hub.connections.add(this);
    // Not `queueMicrotask`, which Jest's fake timers hold back.
    void Promise.resolve().then(() => this.look());
  }

  async post(update: Update, { signal }: { signal: AbortSignal }): Promise<string> {
    const hub = this.#hub;
    await hub.whenTaken(update.topics, signal);
    const refusal = hub.refusalOf('publish', update.topics);
    if (refusal) throw refusal;
    return hub.publish(update);
  }

  wake(): void {
    this.look();
  }

  close(): void {
    this.#wanted = new Map();
    this.#forget(() => true);
    this.#hub.connections.delete(this);
  }

  /** Serves what is wanted, as far as the hub is there and accepts it. */
  look(): void {
    const { connections, outage } = this.#hub;
    if (this.#wanted.size === 0) connections.delete(this);
    this.#forget((key) => outage !== undefined || !this.#wanted.has(key));
    if (outage) {
      return this.#owner.linked(this.#wanted.keys(), { status: 'reconnecting', ...outage }, 0);
    }
    const accepted = [...this.#wanted].filter(([key, set]) => this.#accepts(key, set));
    const keys = accepted.map(([key]) => key).filter((key) => !this.#served.has(key));
    if (keys.length > 0) this.#serve(keys);
  }

  receive(event: StreamEvent): void {
    const keys = this.#keysOf((selector) => isFor(selector, event));
    if (keys.length > 0) this.#owner.received(keys, event, 0);
  }

  reportGap(topic: string, lastEventId: string | undefined): void {
    const keys = this.#keysOf((selector) => topic === '*' || selects(selector, topic));
    this.#owner.gap(keys, lastEventId);
  }

  /** Those that are served and have such a selector. */
  #keysOf(test: (selector: TopicSelector) => boolean): string[] {
    return [...this.#served].filter((key) => this.#wanted.get(key)?.selectors.some(test));
  }

  #accepts(key: string, { selectors }: TopicSet): boolean {
    const refusal = this.#hub.refusalOf('subscribe', selectors);
    if (refusal) {
      this.#forget((each) => each === key);
      if (isRetryable(refusal)) {
        const link = { status: 'reconnecting', error: refusal, attempt: 1 } as const;
        this.#owner.linked([key], { ...CONNECTING, ...link }, 0);
      } else this.#owner.refused(key, refusal);
      return false;
    }
    const delay = this.#hub.delayOf(selectors);
    if (this.#served.has(key) || delay === 0) return true;
    if (!this.#waiting.has(key)) this.#wait(key, delay);
    return false;
  }

  #wait(key: string, delay: number): void {
    const timer = setTimeout(() => {
      this.#serve([key]);
    }, delay);
    this.#waiting.set(key, () => clearTimeout(timer));
  }

  /** Gives each what it asks for of the past; from then on it gets what comes. */
  #serve(keys: readonly string[]): void {
    for (const key of keys) {
      this.#served.add(key);
      this.#replay(this.#wanted.get(key));
    }
    this.#owner.linked(keys, OPEN, 0);
  }

  #replay(set: TopicSet | undefined): void {
    if (set?.since === undefined) return;
    const { key, selectors, since } = set;
    const past = this.#hub.eventsSince(since);
    if (!past) return this.#owner.gap([key], since);
    for (const event of past) {
      if (selectors.some((selector) => isFor(selector, event))) {
        this.#owner.received([key], event, 0);
      }
    }
  }

  #forget(test: (key: string) => boolean): void {
    for (const key of this.#served) if (test(key)) this.#served.delete(key);
    for (const [key, end] of this.#waiting) {
      if (!test(key)) continue;
      end();
      this.#waiting.delete(key);
    }
  }
}

function isFor(selector: TopicSelector, { topics = [] }: StreamEvent): boolean {
  return topics.some((topic) => selects(selector, topic));
}
