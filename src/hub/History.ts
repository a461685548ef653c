import { Place, type EncodedUpdate } from './EncodedUpdate.js';
import type { Grants } from './grants.js';
import { createUrn } from './uuid.js';

/** The reserved cursor that asks for everything there is. */
export const EARLIEST = 'earliest';

/**
 * The latest updates of a hub, in order; bounded by number and bytes. A position counts all updates
 * there ever were; the one of an update stays the same while others are dropped.
 */
export class History {
  readonly #limit: { updates: number; bytes: number };
  /** The updates from position `#start` on, behind `#dropped` empty places. */
  #updates: (EncodedUpdate | undefined)[] = [];
  #dropped = 0;
  #start = 0;
  #bytes = 0;
  /** The position behind each cursor. */
  readonly #positions = new Map<string, number>();
  /** Stands before the oldest update: a subscriber that has seen it misses nothing that is gone. */
  #base = createBase();

  constructor(limit: { updates: number; bytes: number }) {
    this.#limit = limit;
  }

  /** How many updates it has. */
  get length(): number {
    return this.#updates.length - this.#dropped;
  }

  /** How much memory they take, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The position behind the latest update. */
  get end(): number {
    return this.#start + this.length;
  }

  /** The cursor with which a subscriber with `grants` that joins now can go on. */
  lastIdFor(grants: Grants | undefined): string {
    return (this.#updates.at(-1) ?? this.#base).cursorFor(grants);
  }

  add(update: EncodedUpdate): void {
    this.#updates.push(update);
    this.#bytes += update.size;
    for (const cursor of [update.id, update.alias]) {
      // An id that was used twice counts from its first use, so that nothing is left out.
      if (!this.#positions.has(cursor)) this.#positions.set(cursor, this.end);
    }
    while (this.length > this.#limit.updates || this.#bytes > this.#limit.bytes) this.#dropOldest();
  }

  /** The position behind `cursor`; `undefined` where it is not known, or no more. */
  positionBehind(cursor: string): number | undefined {
    if (cursor === EARLIEST || cursor === this.#base.id || cursor === this.#base.alias) {
      return this.#start;
    }
    return this.#positions.get(cursor);
  }

  /** The update with this id. */
  find(id: string): EncodedUpdate | undefined {
    const position = this.#positions.get(id);
    return position === undefined ? undefined : this.at(position - 1);
  }

  /** The update at a position; `undefined` where it was dropped or has not come yet. */
  at(position: number): EncodedUpdate | undefined {
    return this.#updates[this.#dropped + position - this.#start];
  }

  /** Whether everything from this position on is still there. */
  reaches(position: number): boolean {
    return position >= this.#start;
  }

  /** Forgets everything; `origin` is the cursor from which on it has all that follows. */
  restart(origin?: string): void {
    this.#start = this.end;
    this.#updates = [];
    this.#dropped = this.#bytes = 0;
    this.#positions.clear();
    this.#base = createBase(origin);
  }

  #dropOldest(): void {
    const update = this.#updates[this.#dropped]!;
    this.#updates[this.#dropped++] = undefined;
    this.#start++;
    this.#bytes -= update.size;
    for (const cursor of [update.id, update.alias]) {
      if (this.#positions.get(cursor) === this.#start) this.#positions.delete(cursor);
    }
    this.#base = new Place(update);
    // Moving all of them for each one that is dropped would cost more than the empty places.
    if (this.#dropped < 1_000 || this.#dropped < this.length) return;
    this.#updates = this.#updates.slice(this.#dropped);
    this.#dropped = 0;
  }
}

function createBase(id = createUrn()): Place {
  return new Place({ id, topics: [] });
}
