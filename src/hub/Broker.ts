import type { Update } from '../mercure/index.js';
import { EncodedUpdate } from './EncodedUpdate.js';
import type { Disruption } from './faults.js';
import type { Grants } from './grants.js';
import { History } from './History.js';
import type { HubStats } from './Hub.js';
import type { Settings } from './options.js';
import { Presence } from './Presence.js';
import { unavailable } from './Refusal.js';
import { Replays } from './Replays.js';
import { createRevocation, hashToken, type Revocations } from './revocation.js';
import type { LogEntry, Revocation, UpdateEntry } from './storage/Storage.js';
import type { Resumption, SubscriptionRequest } from './subscribe.js';
import { Subscriber, type SubscriberHost } from './Subscriber.js';
import { SubscriberIndex } from './SubscriberIndex.js';
import type { Subscription } from './subscriptions.js';
import { Ticker } from './Ticker.js';
import { createUrn } from './uuid.js';

/** How often streams are ended while a hub drains, in ms. */
const DRAIN_STEP = 10;

/** Writes updates to the log, and sends what comes back from it to those who select it. */
export class Broker implements SubscriberHost {
  /** Resolves once the log has been read. */
  readonly ready: Promise<void>;
  readonly history: History;
  readonly isMarked: boolean;
  readonly #settings: Settings;
  readonly #revocations: Revocations;
  readonly #subscribers = new Set<Subscriber>();
  readonly #index = new SubscriberIndex();
  readonly #replays: Replays;
  readonly #ticker: Ticker;
  readonly #presence: Presence;
  readonly #counts = { subscriptions: 0, dropped: 0, updates: 0, deliveries: 0 };

  /** @param revocations learns which tokens the log revokes. */
  constructor(settings: Settings, revocations: Revocations) {
    const { history, historyBytes, storage, fields } = settings;
    this.#settings = settings;
    this.#revocations = revocations;
    this.isMarked = fields.includes('mark');
    this.history = new History({ updates: history, bytes: historyBytes });
    this.#replays = new Replays((subscriber) => this.#join(subscriber));
    this.#ticker = new Ticker(settings, this.#subscribers);
    this.#presence = new Presence(settings, (update) => this.publish(update));
    let isRead = false;
    this.ready = storage.read(
      {
        restart: (origin) => {
          if (isRead) settings.log?.({ event: 'restart' });
          this.#restart(origin);
        },
        entries: (entries) => this.#take(entries),
        died: (documents) => this.#presence.bury(documents),
      },
      history,
    );
    this.ready.then(
      () => void (isRead = true),
      () => {},
    );
  }

  /** How many streams are open. */
  get size(): number {
    return this.#subscribers.size;
  }

  get stats(): Omit<HubStats, 'state'> {
    return {
      subscribers: this.#subscribers.size,
      ...this.#counts,
      historyUpdates: this.history.length,
      historyBytes: this.history.bytes,
      storageLag: this.#settings.storage.lag ?? 0,
    };
  }

  /** Returns the id of the update once the log has it. */
  async publish(update: Update): Promise<string> {
    const { id = createUrn(), ...rest } = update;
    const entry: UpdateEntry = { id, ...rest, ...(update.private && { alias: createUrn() }) };
    try {
      await this.ready;
      await this.#settings.storage.append(entry);
    } catch {
      throw unavailable();
    }
    const { topics, private: isPrivate = false } = update;
    this.#settings.log?.({ event: 'publish', id, topics, private: isPrivate });
    return id;
  }

  /** Resolves once the log has it; all hubs on the log end the streams of the token. */
  async revoke(token: string): Promise<void> {
    await this.ready;
    await this.#settings.storage.append(await createRevocation(token));
  }

  /** Waits for a cursor that another hub may have given away before this one has read so far. */
  async awaitCursor(cursor: string): Promise<void> {
    if (this.history.positionBehind(cursor) !== undefined) return;
    await this.#settings.storage.caughtUp().catch(() => {});
  }

  /** How a subscription that asks for a cursor goes on. */
  resumptionOf(cursor: string, grants: Grants | undefined): Resumption {
    const isKnown = this.history.positionBehind(cursor) !== undefined;
    return { cursor, isKnown, lastId: this.history.lastIdFor(grants) };
  }

  /** A stream, which begins once it is opened. */
  createSubscriber(
    { cursor, selected }: SubscriptionRequest,
    grants: Grants | undefined,
  ): Subscriber {
    const position = cursor === undefined ? undefined : this.history.positionBehind(cursor);
    return new Subscriber({
      host: this,
      selected,
      grants,
      position: position ?? this.history.end,
      endsAt: this.#ticker.endOf(grants),
    });
  }

  opened(subscriber: Subscriber): void {
    if (!this.#subscribers.has(subscriber)) this.#admit(subscriber);
    this.#ticker.start();
    this.#replays.start(subscriber);
  }

  left(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber);
    this.#index.delete(subscriber);
    if (subscriber.isDropped) this.#counts.dropped++;
    this.#logSubscription('unsubscribe', subscriber);
    if (this.#subscribers.size === 0) this.#ticker.stop();
    // An update may be under way to the others: what comes after it must not overtake it.
    queueMicrotask(() => this.#presence.delete(subscriber));
  }

  /** The subscriptions of all hubs on the log. */
  async listSubscriptions(): Promise<Subscription[]> {
    return this.#presence.list().catch(() => {
      throw unavailable();
    });
  }

  /** Does to all streams what a disruption says. */
  disrupt(how: NonNullable<Disruption['streams']>): void {
    for (const subscriber of [...this.#subscribers]) {
      if (how === 'end') subscriber.end();
      else if (how === 'cut') subscriber.cut();
      else if (how === 'freeze') {
        this.#index.delete(subscriber);
        subscriber.freeze();
      } else if (subscriber.grants) void this.revoke(subscriber.grants.token);
      else subscriber.end();
    }
  }

  /** Ends all streams, spread evenly over so many ms, and closes the log. */
  async close(within: number): Promise<void> {
    const all = this.#subscribers.size;
    const deadline = Date.now() + within;
    for (let left = within; left > 0 && this.size > 0; left = deadline - Date.now()) {
      this.#endAllBut(Math.ceil((all * left) / within));
      await new Promise((resolve) => setTimeout(resolve, DRAIN_STEP));
    }
    this.#endAllBut(0);
    await this.#presence.settled();
    this.#replays.close();
    this.#ticker.stop();
    await this.#settings.storage.close();
  }

  #endAllBut(count: number): void {
    for (const subscriber of this.#subscribers) {
      if (this.size <= count) return;
      subscriber.end();
    }
  }

  /** Takes entries of the log. Of several, each subscriber gets its own in one write. */
  #take(entries: readonly LogEntry[]): void {
    const corked = new Map<Subscriber, () => void>();
    const send = (subscriber: Subscriber, update: EncodedUpdate) => {
      if (entries.length > 1 && !corked.has(subscriber)) corked.set(subscriber, subscriber.cork());
      if (subscriber.deliver(update)) this.#counts.deliveries++;
    };
    for (const entry of entries) {
      if ('revoked' in entry) this.#takeRevocation(entry);
      else this.#deliver(entry, send);
    }
    for (const uncork of corked.values()) uncork();
  }

  #takeRevocation(revocation: Revocation): void {
    this.#revocations.add(revocation);
    for (const subscriber of [...this.#subscribers]) {
      const { token } = subscriber.grants ?? {};
      if (token === undefined) continue;
      void hashToken(token).then((hash) => hash === revocation.revoked && subscriber.end());
    }
  }

  /** Remembers an update and sends it to those who select it. */
  #deliver(
    entry: UpdateEntry,
    send: (subscriber: Subscriber, update: EncodedUpdate) => void,
  ): void {
    const update = new EncodedUpdate(entry, this.#settings.fields.includes('topics'));
    // A publisher that got no answer has posted it again, perhaps to another hub.
    if (this.history.find(update.id)?.equals(update)) return;
    this.history.add(update);
    this.#counts.updates++;
    for (const subscriber of this.#index.of(update.topics)) send(subscriber, update);
  }

  /** The history is no longer what subscribers have heard: all of them have to ask anew. */
  #restart(origin: string | undefined): void {
    this.history.restart(origin);
    for (const subscriber of [...this.#subscribers]) subscriber.end();
  }

  #admit(subscriber: Subscriber): void {
    this.#subscribers.add(subscriber);
    this.#counts.subscriptions++;
    this.#logSubscription('subscribe', subscriber);
  }

  #logSubscription(event: 'subscribe' | 'unsubscribe', subscriber: Subscriber): void {
    const { older, newer, patterns } = subscriber.selected;
    const selectors = older.length + newer.length + patterns.length;
    // The id is made when it is asked for, and most hubs log nothing.
    this.#settings.log?.({ event, subscriber: subscriber.id, selectors });
  }

  /** A subscriber has caught up with the history: nothing falls between that and what follows. */
  #join(subscriber: Subscriber): void {
    this.#index.add(subscriber);
    this.#presence.add(subscriber);
  }
}
