/** A hub sends a heartbeat after 40 s of silence by default (Mercure, `heartbeat`). */
const DEFAULT_LIMIT = 60_000;

/**
 * How long the streams of one hub may be silent. A connection whose packets are dropped stays open
 * and silent for ever, so only a clock finds it.
 */
export class Liveness {
  readonly #given: number | undefined;
  #sendsHeartbeats: boolean | undefined;

  /** @param given The limit that the options set, in ms. */
  constructor(given: number | undefined) {
    this.#given = given;
  }

  /** In ms. */
  get limit(): number {
    return this.#given ?? (this.#sendsHeartbeats ? DEFAULT_LIMIT : Infinity);
  }

  /** A stream has begun with a comment, as on a hub that sends heartbeats. */
  greeted(): void {
    this.#sendsHeartbeats ??= true;
  }

  /** A comment came later. */
  heartbeat(): void {
    this.#sendsHeartbeats = true;
  }

  /** A stream was opened anew for its silence, and was as silent again: the hub sends none. */
  silentTwice(): void {
    this.#sendsHeartbeats = false;
  }
}
