import { parseUpdateId } from './updateId.js';

/** How many lines, each one topic of one publisher, are remembered. */
const MEMORY = 10_000;

/** Counts along with the publishers, whose ids number their updates, and notices what is missing. */
export class Sequences {
  readonly #last = new Map<string, number>();

  /** How many updates of its publisher are missing on this topic before this one. */
  missedBefore(topic: string, id: string): number {
    const { line, sequence } = parseUpdateId(id);
    if (line === undefined) return 0;
    const key = `${topic} ${line}`;
    const last = this.#last.get(key) ?? sequence;
    this.#last.delete(key);
    this.#last.set(key, Math.max(last, sequence));
    if (this.#last.size > MEMORY) this.#last.delete(this.#last.keys().next().value!);
    return Math.max(0, sequence - last - 1);
  }

  /** After a gap that was told: what is missing now is no news. */
  forget(topic: string): void {
    for (const key of this.#last.keys()) if (key.startsWith(`${topic} `)) this.#last.delete(key);
  }
}
