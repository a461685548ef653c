import type { EncodedUpdate } from './EncodedUpdate.js';
import { createUrn } from './uuid.js';

/** The reserved cursor that asks for everything there is. */
export const EARLIEST = 'earliest';

/** The latest updates of a hub, in order; bounded by number and bytes. */
export class History {
  readonly #limit: { updates: number; bytes: number };
  readonly #updates: EncodedUpdate[] = [];
  #bytes = 0;
  /** The id before the oldest update: whoever has seen it has missed nothing that is gone. */
  #base = createUrn();

  constructor(limit: { updates: number; bytes: number }) {
    this.#limit = limit;
  }

  /** The id a subscriber that joins now can go on from. */
  get lastId(): string {
    return this.#updates.at(-1)?.id ?? this.#base;
  }

  add(update: EncodedUpdate): void {
    this.#updates.push(update);
    this.#bytes += update.size;
    while (this.#updates.length > this.#limit.updates || this.#bytes > this.#limit.bytes) {
      this.#dropOldest();
    }
  }

  /**
   * The updates behind `cursor`; `undefined` where it is not known, or no more. An id that was used
   * twice counts from its first use, so that nothing is left out.
   */
  after(cursor: string): readonly EncodedUpdate[] | undefined {
    if (cursor === EARLIEST || cursor === this.#base) return this.#updates;
    const index = this.#updates.findIndex(({ id }) => id === cursor);
    return index < 0 ? undefined : this.#updates.slice(index + 1);
  }

  /** Forgets everything, also where it began. */
  clear(): void {
    this.#updates.length = this.#bytes = 0;
    this.#base = createUrn();
  }

  #dropOldest(): void {
    const update = this.#updates.shift()!;
    this.#bytes -= update.size;
    this.#base = update.id;
  }
}
