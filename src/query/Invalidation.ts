import type { QueryClient, QueryKey } from '@tanstack/react-query';

/** Queries are fetched again at once, and then at most once in so many ms. */
const INTERVAL = 1_000;

/** Invalidates queries: once for the first of many signals, and once for all that come after it. */
export class Invalidation {
  readonly #client: QueryClient;
  readonly #queryKey: QueryKey;
  #isWanted = false;
  #isRunning = false;

  constructor(client: QueryClient, queryKey: QueryKey) {
    this.#client = client;
    this.#queryKey = queryKey;
  }

  /** Invalidates now, or once the last refetch has ended and the interval is over. */
  request(): void {
    this.#isWanted = true;
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#isWanted) {
      // A first fetch is not started anew, and what it brings may be older than the signal.
      this.#isWanted = this.#isLoading();
      const refetched = this.#client.invalidateQueries({ queryKey: this.#queryKey });
      await Promise.all([refetched, new Promise((resolve) => setTimeout(resolve, INTERVAL))]);
    }
    this.#isRunning = false;
  }

  #isLoading(): boolean {
    const queries = this.#client.getQueryCache().findAll({ queryKey: this.#queryKey });
    return queries.some(({ state }) => state.data === undefined && state.fetchStatus !== 'idle');
  }
}
