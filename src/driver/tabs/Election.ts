/** What a tab is told about its own part. */
export interface ElectionOwner {
  /** It leads now. */
  elected(): void;
  /** It leads no more: another tab has taken the lock away. */
  deposed(): void;
}

/**
 * Who leads: the one tab that holds the lock of its group. The others queue for it, so that there
 * is a next one in the moment a leader is gone, whatever ended it (Web Locks API).
 */
export class Election {
  readonly #name: string;
  readonly #owner: ElectionOwner;
  #candidacy = new AbortController();
  #steals = false;
  #closed = false;
  #resign: (() => void) | undefined;
  /** Ends while it does not stand; `undefined` while it does. */
  #rest: Promise<void> | undefined;
  #endRest: (() => void) | undefined;

  constructor(name: string, owner: ElectionOwner) {
    this.#name = name;
    this.#owner = owner;
    void this.#run();
  }

  /** Takes the lock from a leader that has stopped answering. */
  steal(): void {
    this.#steals = true;
    this.#candidacy.abort();
  }

  /** Steps back, and does not stand again until {@link stand}. */
  withdraw(): void {
    this.#rest ??= new Promise((resolve) => (this.#endRest = resolve));
    this.#steals = false;
    this.#candidacy.abort();
    this.#resign?.();
  }

  stand(): void {
    this.#rest = undefined;
    this.#endRest?.();
  }

  close(): void {
    this.#closed = true;
    this.withdraw();
    this.#endRest?.();
  }

  async #run(): Promise<void> {
    for (;;) {
      await this.#rest;
      if (this.#closed) return;
      this.#candidacy = new AbortController();
      const options = this.#steals ? { steal: true } : { signal: this.#candidacy.signal };
      this.#steals = false;
      try {
        await navigator.locks.request(this.#name, options, () => this.#lead());
      } catch (reason) {
        // Anything else than stolen or withdrawn: this page is no more.
        if ((reason as Error).name !== 'AbortError') return;
      }
      if (!this.#resign) continue;
      this.#resign = undefined;
      this.#owner.deposed();
    }
  }

  #lead(): Promise<void> | undefined {
    if (this.#rest) return undefined;
    return new Promise((resolve) => {
      this.#resign = resolve;
      this.#owner.elected();
    });
  }
}

/**
 * Holds a lock of one's own for as long as this page lives.
 *
 * @returns what releases it, once it is held.
 */
export function hold(name: string): Promise<() => void> {
  return new Promise((held, failed) => {
    const wait = (): Promise<void> => new Promise((release) => held(release));
    navigator.locks.request(name, wait).catch(failed);
  });
}

/** Calls `gone` when nobody {@link hold}s this lock any more. */
export function watch(name: string, signal: AbortSignal, gone: () => void): void {
  navigator.locks.request(name, { signal }, gone).catch(() => {});
}
