import type { Subscriber } from './Subscriber.js';

/** How long replays may keep everything else waiting, in ms. */
const SLICE = 2;

/**
 * Replays the history to subscribers that join: at once where that is short, else by turns, so that
 * no number of long ones holds up the others.
 */
export class Replays {
  readonly #onLive: (subscriber: Subscriber) => void;
  readonly #unfinished: Subscriber[] = [];
  #turn: ReturnType<typeof setTimeout> | undefined;

  /** @param onLive is called in the moment in which a subscriber has caught up. */
  constructor(onLive: (subscriber: Subscriber) => void) {
    this.#onLive = onLive;
  }

  start(subscriber: Subscriber): void {
    // Most have little to replay, and need not wait for their turn.
    this.#proceed(subscriber, this.#unfinished.length > 0 ? 0 : SLICE);
  }

  close(): void {
    clearTimeout(this.#turn);
  }

  #proceed(subscriber: Subscriber, time: number): void {
    const state = subscriber.replay(performance.now() + time);
    if (state === 'live') this.#onLive(subscriber);
    if (state === 'unfinished') this.#unfinished.push(subscriber);
    if (this.#unfinished.length > 0 && this.#turn === undefined) this.#takeTurns();
  }

  #takeTurns(): void {
    this.#turn = setTimeout(() => {
      this.#turn = undefined;
      const subscriber = this.#unfinished.shift();
      if (subscriber) this.#proceed(subscriber, SLICE);
    });
  }
}
