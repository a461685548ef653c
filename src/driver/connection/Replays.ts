import type { StreamEvent } from '../../mercure/index.js';
import type { SignalingError } from '../SignalingError.js';
import type { TopicSet } from '../topics.js';
import type { ConnectionOwner } from './Connection.js';
import type { StreamAnswer } from './HubClient.js';
import type { Stream, StreamOwner } from './Stream.js';

/** What {@link Replays} needs of its connection. */
export interface ReplaysOwner extends Pick<ConnectionOwner, 'received' | 'gap' | 'report'> {
  /** Opens a stream for this subscription alone, behind its `since`. */
  open(set: TopicSet, owner: StreamOwner): Stream;
  caughtUp(key: string): void;
  refused(keys: readonly string[], error: SignalingError): void;
}

/**
 * The past of subscriptions that have joined a shared stream, whose position is that of the others.
 * Each gets it over a short stream of its own, one after the other; what comes on the shared stream
 * meanwhile is held back.
 */
export class Replays implements StreamOwner {
  readonly #owner: ReplaysOwner;
  readonly #waiting = new Map<string, { set: TopicSet; held: StreamEvent[] }>();
  #stream: Stream | undefined;

  constructor(owner: ReplaysOwner) {
    this.#owner = owner;
  }

  add(set: TopicSet): void {
    this.#waiting.set(set.key, { set, held: [] });
    this.#next();
  }

  has(key: string): boolean {
    return this.#waiting.has(key);
  }

  /** Holds an event back for those of `keys` that have not caught up; returns the others. */
  hold(keys: readonly string[], event: StreamEvent): readonly string[] {
    if (this.#waiting.size === 0) return keys;
    return keys.filter((key) => {
      const waiting = this.#waiting.get(key);
      waiting?.held.push(event);
      return !waiting;
    });
  }

  /** Gives up what is not wanted any more. */
  keep(wanted: ReadonlyMap<string, TopicSet>): void {
    for (const key of this.#waiting.keys()) if (!wanted.has(key)) this.#end(key);
  }

  wake(force: boolean): void {
    this.#stream?.wake(force);
  }

  opened({ carried }: Stream, asked: string | undefined, { isShort }: StreamAnswer): void {
    if (isShort) this.#owner.gap(carried.keys, asked);
  }

  received({ carried, number }: Stream, event: StreamEvent): boolean {
    this.#owner.received(carried.keys, event, number);
    return true;
  }

  caughtUp({ carried, number }: Stream): void {
    const [key] = carried.keys as [string];
    const { held } = this.#waiting.get(key)!;
    this.#end(key);
    this.#owner.caughtUp(key);
    for (const event of held) this.#owner.received([key], event, number);
  }

  refused({ carried }: Stream, error: SignalingError): void {
    for (const key of carried.keys) this.#end(key);
    this.#owner.refused(carried.keys, error);
  }

  report(error: SignalingError): void {
    this.#owner.report(error);
  }

  moved(): void {}
  lost(): void {}
  stalled(): void {}
  doubted(): void {}

  #end(key: string): void {
    this.#waiting.delete(key);
    if (!this.#stream?.carried.has(key)) return;
    this.#stream.close();
    this.#stream = undefined;
    this.#next();
  }

  #next(): void {
    const [first] = this.#waiting.values();
    if (first) this.#stream ??= this.#owner.open(first.set, this);
  }
}
