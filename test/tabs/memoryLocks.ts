/** How a lock is asked for (Web Locks API). */
interface LockRequest {
  steal?: boolean;
  signal?: AbortSignal;
}

interface Waiting {
  grant: () => void;
  cancel: (reason: unknown) => void;
}

/** The exclusive locks of the Web Locks API, for a platform that has none. One of them is a browser. */
export class MemoryLocks {
  readonly #held = new Map<string, (reason: unknown) => void>();
  readonly #queues = new Map<string, Waiting[]>();

  /** The names that are held. */
  get held(): string[] {
    return [...this.#held.keys()];
  }

  request(name: string, ...rest: [LockRequest, () => unknown] | [() => unknown]): Promise<unknown> {
    const [options, callback] = rest.length === 1 ? [{}, rest[0]] : rest;
    const { steal = false, signal } = options;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(aborted());
      const hold = (): void => {
        const lose = (): void => reject(aborted());
        this.#held.set(name, lose);
        const release = (): void => {
          if (this.#held.get(name) !== lose) return;
          this.#held.delete(name);
          this.#queues.get(name)?.shift()?.grant();
        };
        const held = (async () => callback())();
        void held.then(resolve, reject).finally(release);
      };
      if (steal) {
        this.#held.get(name)?.(aborted());
        return hold();
      }
      if (!this.#held.has(name)) return hold();
      const queue = this.#queues.get(name) ?? [];
      this.#queues.set(name, queue);
      const waiting: Waiting = { grant: hold, cancel: reject };
      queue.push(waiting);
      signal?.addEventListener('abort', () => {
        const index = queue.indexOf(waiting);
        if (index < 0) return;
        queue.splice(index, 1);
        reject(aborted());
      });
    });
  }
}

function aborted(): DOMException {
  return new DOMException('The lock was stolen, or is not wanted any more.', 'AbortError');
}
