import { MAX_HEARD } from './messages.js';

/** The first greeting after a disturbance comes so soon, the next ones ever later, in ms. */
const FIRST = 1_500;
const GROWTH = 1.6;
/** How long it is between two greetings at most, in ms. */
const SLOWEST = { restless: 5_000, settled: 30_000 };
/** How long an answer waits that need not be, or that would follow another one so soon, in ms. */
const CLOSE = 1_000;
const WAIT = 600;

export interface GreeterOptions {
  /** Says hello to the room, to these in particular. Never rejects. */
  greet(heard: readonly string[]): Promise<void>;
  /** Which of these still have no connection. */
  missing(ids: readonly string[]): readonly string[];
  /** Whether somebody may be there who is not found: nobody is here, or somebody was lost. */
  restless(): boolean;
}

/**
 * Decides when to say hello: on entering, in answer to those who do, and ever more slowly as long
 * as one is in the room. So whatever kept two apart, they find each other once it is gone. All
 * delays are random in part, so that the room does not speak at once.
 */
export class Greeter {
  readonly #options: GreeterOptions;
  readonly #heard = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dueAt = Infinity;
  #answeredAt = -Infinity;
  #greeting = false;
  #routineAt = Infinity;
  #quiet = 0;
  #stopped = false;

  constructor(options: GreeterOptions) {
    this.#options = options;
  }

  /** Something has changed: says hello now, and again soon. */
  start(): void {
    this.#quiet = 0;
    this.#routineAt = 0;
    this.#plan(0);
  }

  /** Somebody was lost: greets more often again. */
  disturb(): void {
    this.#quiet = 0;
    this.#routine();
  }

  /**
   * The next hello is an answer to this one as well.
   *
   * @param together Whether they may have heard us already: then their offer may be on its way.
   */
  answer(id: string, together = false): void {
    if (this.#heard.size >= MAX_HEARD) this.#heard.delete(randomOf(this.#heard));
    this.#heard.add(id);
    const close = Date.now() - this.#answeredAt < CLOSE;
    this.#plan(together || close ? jitter(WAIT) : 0);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #routine(): void {
    const slowest = this.#options.restless() ? SLOWEST.restless : SLOWEST.settled;
    const delay = jitter(Math.min(slowest, FIRST * GROWTH ** this.#quiet));
    this.#routineAt = Date.now() + delay;
    this.#plan(delay);
  }

  /** The timer rings after `delay`, or when it would have anyway. */
  #plan(delay: number): void {
    const at = Date.now() + delay;
    if (this.#stopped || this.#greeting || at >= this.#dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = at;
    this.#timer = setTimeout(() => void this.#greet(), delay);
  }

  async #greet(): Promise<void> {
    this.#dueAt = Infinity;
    const heard = this.#options.missing([...this.#heard]);
    this.#heard.clear();
    const routine = Date.now() >= this.#routineAt;
    if (routine || heard.length > 0) {
      if (routine) this.#quiet += 1;
      this.#greeting = true;
      await this.#options.greet(heard);
      this.#greeting = false;
      if (heard.length > 0) this.#answeredAt = Date.now();
      this.#routine();
    }
    this.#plan(this.#routineAt - Date.now());
    if (this.#heard.size > 0) this.#plan(jitter(WAIT));
  }
}

/** From half of it to half as much again. */
function jitter(delay: number): number {
  return delay * (0.5 + Math.random());
}

function randomOf(ids: ReadonlySet<string>): string {
  return [...ids][Math.floor(Math.random() * ids.size)]!;
}
