import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { LiveQuery } from './LiveQuery.js';

const ofClients = new WeakMap<QueryClient, LiveQueries>();

/** The queries of one client that hooks follow or publish to, each shared by all of these hooks. */
export class LiveQueries {
  readonly #client: QueryClient;
  readonly #queries = new Map<string, { query: LiveQuery; holders: number }>();
  #unsubscribe: (() => void) | undefined;

  static of(client: QueryClient): LiveQueries {
    let queries = ofClients.get(client);
    if (!queries) ofClients.set(client, (queries = new LiveQueries(client)));
    return queries;
  }

  private constructor(client: QueryClient) {
    this.#client = client;
  }

  /** The query of this key, until {@link release} is called as often as this. */
  hold(queryKey: QueryKey): LiveQuery {
    const hash = this.#client.defaultQueryOptions({ queryKey }).queryHash;
    let entry = this.#queries.get(hash);
    if (!entry) {
      entry = { query: new LiveQuery(this.#client, queryKey, hash), holders: 0 };
      this.#queries.set(hash, entry);
    }
    entry.holders++;
    this.#unsubscribe ??= this.#client.getQueryCache().subscribe((event) => {
      if (event.type !== 'updated' && event.type !== 'removed') return;
      const query = this.#queries.get(event.query.queryHash)?.query;
      if (event.type === 'updated') query?.updated(event.action);
      else query?.removed();
    });
    return entry.query;
  }

  release({ hash }: LiveQuery): void {
    const entry = this.#queries.get(hash)!;
    if (--entry.holders > 0) return;
    this.#queries.delete(hash);
    if (this.#queries.size > 0) return;
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }
}
