import {
  notifyManager,
  type QueryCacheNotifyEvent,
  type QueryClient,
  type QueryKey,
} from '@tanstack/react-query';
import type { Bytes, SignalEvent } from '../driver/index.js';
import { Invalidation } from './Invalidation.js';
import type { UseSignalQueryOptions } from './options.js';

/** Makes the data of a query into what it is after one signal. */
export interface Change {
  /** Returns the new data; what it was given, or `undefined`, where nothing changes. */
  apply(data: unknown): unknown;
  /** Called with what `apply` threw. */
  failed(cause: unknown): void;
}

/** A change that is shown before the hub has taken its signal. */
export interface OwnChange extends Change {
  readonly topic: string;
  /** What is published; `undefined` while that is being encoded. */
  bytes: Bytes | undefined;
}

/** The options of a component that follows the signals of some topics, as they are now. */
export interface Follower {
  readonly current: UseSignalQueryOptions<any, any>;
}

/** What followers hear together. */
interface Following {
  /** The provider and the topics. */
  readonly source: object;
  readonly topics: string;
  readonly followers: Follower[];
  stop: () => void;
}

type Action = Extract<QueryCacheNotifyEvent, { type: 'updated' }>['action'];

/** At most so many signals that the hub has taken are expected back from it. */
const MAX_EXPECTED = 1_000;

/**
 * The data of one query: what the server and the hub have said, and on top of it the changes that
 * are being published. A change that is refused is taken out by applying the others anew, so it
 * takes nothing along that came in the meantime.
 */
export class LiveQuery {
  readonly hash: string;
  readonly #client: QueryClient;
  readonly #queryKey: QueryKey;
  readonly #invalidation: Invalidation;
  readonly #followings: Following[] = [];
  /** Shown, and not yet in the data below. */
  #shown: OwnChange[] = [];
  /** In the data; their signals are still to come back from the hub. */
  #expected: OwnChange[] = [];
  /** The data without what is shown, while anything is. */
  #below: unknown;
  /** What came while a fetch was under way, whose data may be older. */
  #sinceFetch: Change[] = [];
  #isWriting = false;

  constructor(client: QueryClient, queryKey: QueryKey, hash: string) {
    this.#client = client;
    this.#queryKey = queryKey;
    this.hash = hash;
    this.#invalidation = new Invalidation(client, queryKey);
  }

  /** What the server and the hub have said. */
  get data(): unknown {
    return this.#shown.length > 0 ? this.#below : this.#state?.data;
  }

  get isFetching(): boolean {
    return (this.#state?.fetchStatus ?? 'idle') !== 'idle';
  }

  invalidate(): void {
    this.#invalidation.request();
  }

  /**
   * Adds a component that follows these topics of a source. The first one begins to listen, and the
   * last one ends it.
   *
   * @param listen is given those who follow: the options of the first of them count.
   * @returns the function that takes the component away.
   */
  follow(
    source: object,
    topics: string,
    follower: Follower,
    listen: (followers: readonly Follower[]) => () => void,
  ): () => void {
    let following = this.#followings.find(
      (each) => each.source === source && each.topics === topics,
    );
    if (following) following.followers.push(follower);
    else {
      const followers = [follower];
      following = { source, topics, followers, stop: listen(followers) };
      this.#followings.push(following);
    }
    return () => {
      remove(following.followers, follower);
      if (following.followers.length > 0) return;
      remove(this.#followings, following);
      following.stop();
    };
  }

  /** Applies what a signal says. Without data there is nothing to change: a fetch brings it. */
  apply(change: Change): void {
    if (this.isFetching) this.#sinceFetch.push(change);
    this.#show(run(change, this.data));
  }

  /**
   * Shows a change that is about to be published.
   *
   * @throws what its `apply` throws; nothing has changed then.
   */
  begin(change: OwnChange): void {
    const { data } = this.#state ?? {};
    const below = this.data;
    const next = data === undefined ? undefined : change.apply(data);
    this.#shown.push(change);
    this.#below = below;
    this.#write(next);
  }

  /** The hub has taken the signal of this change. */
  taken(change: OwnChange): void {
    if (this.#shown.includes(change)) this.#settle(change);
    else if (!this.#expected.includes(change)) return;
    if (this.#followings.length === 0) remove(this.#expected, change);
  }

  /** The signal of this change will not come: takes the change back. */
  refused(change: OwnChange): void {
    const below = this.data;
    if (remove(this.#shown, change)) this.#show(below);
    else if (remove(this.#expected, change)) this.invalidate();
  }

  /** Whether this signal is one whose change has been made already. It is expected only once. */
  takeEcho(bytes: Bytes, event: SignalEvent): boolean {
    const isSame = (change: OwnChange): boolean =>
      (event.topic ?? change.topic) === change.topic && isEqual(change.bytes, bytes);
    const shown = this.#shown.find(isSame);
    if (shown) this.#settle(shown);
    const change = shown ?? this.#expected.find(isSame);
    return change !== undefined && remove(this.#expected, change);
  }

  /** Signals were lost, and what is expected may be among them. */
  missed(): void {
    this.#expected = [];
    this.invalidate();
  }

  /** The query has changed in the cache. */
  updated(action: Action): void {
    if (this.#isWriting) return;
    if (action.type === 'success' && action.manual) {
      // Somebody else has written over what is shown, so it can no longer be told apart.
      this.#expect(...this.#shown.splice(0));
    } else if (action.type === 'success' || action.type === 'setState') {
      const changes = this.#sinceFetch;
      if (!this.isFetching) this.#sinceFetch = [];
      if (changes.length + this.#shown.length === 0) return;
      const fetched: unknown = this.#state?.data;
      this.#show(changes.reduce((data, change) => run(change, data), fetched));
    } else if (action.type === 'error') {
      this.#sinceFetch = [];
    }
  }

  /** The query has left the cache. */
  removed(): void {
    this.#below = undefined;
    this.#sinceFetch = [];
  }

  get #state() {
    return this.#client.getQueryCache().get(this.hash)?.state;
  }

  /** Moves a change from what is shown into the data below. */
  #settle(change: OwnChange): void {
    const below = run(change, this.data);
    remove(this.#shown, change);
    if (this.isFetching) this.#sinceFetch.push(change);
    this.#expect(change);
    this.#show(below);
  }

  #expect(...changes: OwnChange[]): void {
    this.#expected = [...this.#expected, ...changes].slice(-MAX_EXPECTED);
  }

  #show(below: unknown): void {
    this.#below = this.#shown.length > 0 ? below : undefined;
    this.#write(this.#shown.reduce((data, change) => run(change, data), below));
  }

  #write(data: unknown): void {
    const query = this.#client.getQueryCache().get(this.hash);
    if (!query || data === undefined || data === query.state.data) return;
    // What was fetched is as old as before, and as invalid.
    const { dataUpdatedAt, isInvalidated } = query.state;
    this.#isWriting = true;
    try {
      notifyManager.batch(() => {
        this.#client.setQueryData(this.#queryKey, data, { updatedAt: dataUpdatedAt });
        if (isInvalidated) query.invalidate();
      });
    } finally {
      this.#isWriting = false;
    }
  }
}

function run(change: Change, data: unknown): unknown {
  if (data === undefined) return undefined;
  try {
    const next = change.apply(data);
    return next === undefined ? data : next;
  } catch (cause) {
    change.failed(cause);
    return data;
  }
}

/** Takes an item out of a list. Returns whether it was there. */
function remove<Item>(list: Item[], item: Item): boolean {
  const index = list.indexOf(item);
  if (index >= 0) list.splice(index, 1);
  return index >= 0;
}

function isEqual(a: Bytes | undefined, b: Bytes): boolean {
  return a?.length === b.length && b.every((byte, index) => byte === a[index]);
}
