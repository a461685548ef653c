import { Refusal } from './Refusal.js';

/**
 * How a hub shall misbehave, for tests and demonstrations. All of it can be sent as JSON.
 */
export interface Disruption {
  /** Answers requests with this status, such as 503. */
  refuse?: number;
  /** How many requests it refuses. Default: no limit. */
  times?: number;
  /** For how long it refuses, in ms. Default: no limit. */
  duration?: number;
  /** The `Retry-After` of the refusals, in seconds. Default: none. */
  retryAfter?: number;
  /**
   * What becomes of the open streams: `end` ends them cleanly, as the write time-out does; `cut`
   * breaks them off; `freeze` leaves them open and silent for good, as a network does that has
   * gone; `expire` ends them and takes their tokens no more.
   */
  streams?: 'end' | 'cut' | 'freeze' | 'expire';
  /** Forgets the history, so that no cursor from before is known. Default: `false`. */
  forget?: boolean;
}

/** Refuses requests for as long as a disruption says. */
export class Faults {
  #current: Disruption = {};
  #left = 0;
  #until = 0;

  set(disruption: Disruption): void {
    this.#current = disruption;
    this.#left = disruption.times ?? Infinity;
    this.#until = Date.now() + (disruption.duration ?? Infinity);
  }

  /** @throws a {@link Refusal} while requests are refused. */
  check(): void {
    const { refuse, retryAfter } = this.#current;
    if (!refuse || this.#left <= 0 || Date.now() >= this.#until) return;
    this.#left--;
    const headers: Record<string, string> =
      retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) };
    throw new Refusal(refuse, 'Refused, as it was told to', headers);
  }
}
