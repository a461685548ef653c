import type { SignalHandler } from './Driver.js';
import type { SignalingError } from './SignalingError.js';

/** How many ids one topic remembers at least. */
const MEMORY = 1_000;

/** One topic somebody listens to: its handlers, and what it has already delivered. */
export class Topic {
  readonly handlers: Set<SignalHandler>;
  /** Whether the hub has accepted it. */
  accepted = false;
  /** Where a stream of its own goes on from. */
  cursor: string | undefined;
  /** Why it ended for good; it is not tried again by itself. */
  error: SignalingError | undefined;
  /** Resolves when the hub accepts the topic, rejects when it refuses. */
  readonly ready: Promise<void>;
  #recent = new Set<string>();
  #older = new Set<string>();
  #resolve!: () => void;
  #reject!: (error: SignalingError) => void;

  constructor(handlers: Iterable<SignalHandler> = []) {
    this.handlers = new Set(handlers);
    this.ready = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Whoever subscribes waits for it; what ends later has nobody to wait.
    this.ready.catch(() => {});
  }

  accept(): void {
    this.accepted = true;
    this.#resolve();
  }

  refuse(error: SignalingError): void {
    this.error = error;
    this.#reject(error);
  }

  /**
   * Whether this update is new here. Hubs replay what was heard already, and a publisher that got no
   * answer posts again; both keep the id.
   */
  isNew(id: string): boolean {
    if (this.#recent.has(id) || this.#older.has(id)) return false;
    // By generations: a set whose oldest is deleted again and again grows slow.
    if (this.#recent.size === MEMORY) {
      this.#older = this.#recent;
      this.#recent = new Set();
    }
    this.#recent.add(id);
    return true;
  }
}
