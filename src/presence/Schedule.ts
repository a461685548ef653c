import { MAX_MEMBERS } from './Member.js';

/** What a member says beside that it is there. */
export interface Turn {
  /** It asks who else is there. */
  readonly asks?: true;
  /** It answers these. */
  readonly to?: readonly string[];
}

/** Changes of one's own data are sent at most so often, in ms. */
const UPDATE_INTERVAL = 100;
/**
 * An answer waits, in ms, until nobody has asked for `wait`, or somebody for `patience`; and then a
 * random part of a time that grows with the number of members, so that one of them is first.
 */
const ANSWER = { wait: 100, patience: 2_000, spread: 100, perMember: 100, max: 3_000 };
/**
 * Who has answered leaves it to the others for so long, in ms. So a join costs a newcomer two
 * publishes, its question and one answer, however late it hears of the answers of others.
 */
const REST = 5_000;

/** When a member speaks. It has no timers: all times are given to it, in ms. */
export class Schedule {
  /** The ids of those who asked, and have no answer yet. */
  readonly #asking = new Set<string>();
  #helloAt = Infinity;
  #answerAt = Infinity;
  #beatAt = Infinity;
  #askedAt = -Infinity;
  #spokeAt = -Infinity;
  #answeredAt = -Infinity;
  /** Which part of the random time this answer waits: from 0 to 1. */
  #luck = 0;

  /** When the next turn is due; `Infinity` where none is. */
  get next(): number {
    const answerAt = this.#asking.size > 0 ? this.#answerAt : Infinity;
    return Math.min(this.#helloAt, answerAt, this.#beatAt);
  }

  get hasSpoken(): boolean {
    return this.#spokeAt !== -Infinity;
  }

  /** Asks at this time who is there. */
  helloAt(time: number): void {
    this.#helloAt = time;
  }

  /** Sends changed data as soon as its interval allows. */
  hurry(): void {
    this.#beatAt = Math.min(this.#beatAt, this.#spokeAt + UPDATE_INTERVAL);
  }

  /** One of so many other members asked who is there. */
  heardQuestion(id: string, members: number, now: number): void {
    if (this.#asking.size >= MAX_MEMBERS) return;
    if (this.#asking.size === 0) {
      this.#askedAt = now;
      this.#luck = Math.random();
    }
    this.#asking.add(id);
    const quietAt = Math.min(now + ANSWER.wait, this.#askedAt + ANSWER.patience);
    const restedAt = members > 1 ? this.#answeredAt + REST : now;
    const spread = Math.min(ANSWER.max, ANSWER.spread + ANSWER.perMember * members);
    this.#answerAt = Math.max(quietAt, restedAt) + this.#luck * spread;
  }

  /** Somebody who asked needs no answer any more: they have one, or have left. */
  forget(id: string): void {
    this.#asking.delete(id);
  }

  /** The turn that is due, which is taken with this. */
  take(now: number): Turn | undefined {
    if (this.next > now) return undefined;
    if (this.#helloAt <= now) {
      this.#helloAt = Infinity;
      return { asks: true };
    }
    if (this.#asking.size === 0 || this.#answerAt > now) return {};
    const to = [...this.#asking];
    this.#asking.clear();
    this.#answeredAt = now;
    return { to };
  }

  /** Spoke now; the next beat is due within `beat` ms, or never. */
  spoke(now: number, beat: number): void {
    this.#spokeAt = now;
    this.#beatAt = now + jitter(beat);
  }
}

/** Earlier by up to a quarter, so that members who joined together do not speak together. */
export function jitter(delay: number): number {
  return delay * (0.75 + Math.random() / 4);
}
