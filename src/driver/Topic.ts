import type { SignalHandler } from './Driver.js';
import { SignalingError } from './SignalingError.js';
import { parseUpdateId } from './updateId.js';

/** How many ids, and how many publishers, one topic remembers. */
const MEMORY = 1_000;

interface Waiting {
  handler: SignalHandler;
  resolve(): void;
  reject(error: SignalingError): void;
}

/** One topic somebody listens to: its handlers, and what it has already delivered. */
export class Topic {
  readonly name: string;
  readonly handlers = new Set<SignalHandler>();
  /** Whether the hub has accepted it. */
  accepted = false;
  #waiting: Waiting[] = [];
  #delivered = new Set<string>();
  #sequences = new Map<string, number>();

  constructor(name: string) {
    this.name = name;
  }

  /** Adds a handler; resolves when the hub has accepted the topic. */
  add(handler: SignalHandler): Promise<void> {
    this.handlers.add(handler);
    if (this.accepted) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ handler, resolve, reject });
    });
  }

  /** Removes a handler, or all of them. */
  remove(handler?: SignalHandler): void {
    if (handler) this.handlers.delete(handler);
    else this.handlers.clear();
    const gone = this.#waiting.filter((waiting) => !this.handlers.has(waiting.handler));
    this.#waiting = this.#waiting.filter((waiting) => this.handlers.has(waiting.handler));
    for (const { reject } of gone) {
      reject(new SignalingError('cancelled', 'Unsubscribed before the hub had answered.'));
    }
  }

  accept(): void {
    this.accepted = true;
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  /** Whoever still waits is told so and no longer listens; returns whether somebody was told. */
  refuse(error: SignalingError): boolean {
    this.accepted = false;
    const waiting = this.#waiting.splice(0);
    for (const { handler, reject } of waiting) {
      this.handlers.delete(handler);
      reject(error);
    }
    return waiting.length > 0;
  }

  /**
   * Whether this update is new here. Hubs replay what was heard already, and a publisher that got no
   * answer posts again; both keep the id.
   */
  isNew(id: string | undefined): boolean {
    if (id === undefined) return true;
    if (this.#delivered.has(id)) return false;
    this.#delivered.add(id);
    forgetOldest(this.#delivered);
    return true;
  }

  /** How many updates of its publisher are missing before this one. */
  missedBefore(id: string | undefined): number {
    const update = id === undefined ? undefined : parseUpdateId(id);
    if (!update) return 0;
    const last = this.#sequences.get(update.line);
    if (last !== undefined && update.sequence <= last) return 0;
    this.#sequences.delete(update.line);
    this.#sequences.set(update.line, update.sequence);
    forgetOldest(this.#sequences);
    return last === undefined ? 0 : update.sequence - last - 1;
  }

  /** After a gap that is known already: what is missing then is no news. */
  forgetSequences(): void {
    this.#sequences.clear();
  }
}

function forgetOldest(memory: Set<string> | Map<string, unknown>): void {
  if (memory.size > MEMORY) memory.delete(memory.keys().next().value!);
}
