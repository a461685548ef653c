import { createUrn } from '../uuid.js';
import {
  comparePositions,
  entriesRead,
  timeOf,
  toEntries,
  toPairs,
  type Positioned,
  type RedisCommand,
} from './redisCommand.js';
import { RedisRoster } from './RedisRoster.js';
import type { LogEntry, Storage, StorageReader } from './Storage.js';

/** A hub's connections to Redis. */
export interface RedisClient {
  /** A connection for commands that answer at once. */
  command: RedisCommand;
  /** A connection of its own: commands on it wait for updates. */
  blocking: RedisCommand;
}

/** Options of {@link redisStorage}. */
export interface RedisStorageOptions {
  /** The name of the stream, and the beginning of the names of other keys. Default: `mercure`. */
  stream?: string | undefined;
  /** How many updates the stream keeps, about. Default: 10,000. */
  size?: number | undefined;
  /**
   * How many replicas have to have an update before its publisher is answered (`WAIT`). A failover
   * can then lose it only if none of them becomes the new primary. Default: 0.
   */
  wait?: number | undefined;
}

/** How long a command may take, a replica to catch up, and a read to wait for updates, in ms. */
const TIME_LIMIT = 5_000;
const WAIT_LIMIT = 2_000;
const BLOCK = 1_000;

/** How long a subscriber waits until the hub has caught up with the log, in ms. */
const CATCH_UP_LIMIT = 2_000;

/** The most entries that are read at once. */
const PAGE = 500;
const START = '0-0';

/**
 * Keeps updates in a stream of Redis or Valkey (from 6.2 on), which any number of hubs can share:
 * all of them deliver in its order, and each knows what the others' clients have heard.
 */
export function redisStorage(client: RedisClient, options: RedisStorageOptions = {}): Storage {
  return new RedisStorage(client, options);
}

class RedisStorage implements Storage {
  readonly roster: RedisRoster;
  readonly #client: RedisClient;
  readonly #stream: string;
  readonly #size: number;
  readonly #wait: number;
  #reader!: StorageReader;
  #history = 0;
  /** Where the last entry stands that was reported. */
  #position = START;
  /** When Redis answered last (as `performance.now()` counts), and how old was what came then. */
  #heardAt = performance.now();
  #lag = 0;
  #waiting: { position: string; resolve: () => void }[] = [];
  #replicating: Promise<void> | undefined;
  #nextReplication: Promise<void> | undefined;
  #isClosed = false;

  constructor(
    client: RedisClient,
    { stream = 'mercure', size = 10_000, wait = 0 }: RedisStorageOptions,
  ) {
    this.#client = client;
    this.#stream = stream;
    this.#size = size;
    this.#wait = wait;
    this.roster = new RedisRoster((...args) => this.#command(...args), stream);
  }

  get lag(): number {
    const silence = performance.now() - this.#heardAt;
    return silence > 2 * BLOCK ? silence : this.#lag;
  }

  async append(entry: LogEntry): Promise<void> {
    const limit = ['MAXLEN', '~', String(this.#size)];
    await this.#command('XADD', this.#stream, ...limit, '*', 'entry', JSON.stringify(entry));
    if (this.#wait > 0) await this.#replicated();
  }

  async read(reader: StorageReader, history: number): Promise<void> {
    this.#reader = reader;
    this.#history = history;
    await this.#load();
    await this.roster.open((documents) => reader.died(documents));
    void this.#follow();
  }

  async caughtUp(): Promise<void> {
    const answer = await this.#command('XREVRANGE', this.#stream, '+', '-', 'COUNT', '1');
    const [last] = toEntries(answer);
    if (!last || comparePositions(last[0], this.#position) <= 0) return;
    const reached = new Promise<void>((resolve) => {
      this.#waiting.push({ position: last[0], resolve });
    });
    await withTimeLimit(reached, CATCH_UP_LIMIT);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.roster.close();
  }

  /** Reports what is remembered, as the beginning of the history. */
  async #load(): Promise<void> {
    // Where nothing is remembered, the last entry still says where the log ends.
    const latest = await this.#readLatest(Math.max(1, this.#history));
    const remembered = this.#history > 0 ? latest : [];
    const isAll = latest.length === 0 || remembered.length === (await this.#countEntries());
    const origin = isAll ? await this.#readOrigin() : undefined;
    this.#position = latest.at(-1)?.[0] ?? START;
    this.#reader.restart(origin);
    this.#report(remembered);
  }

  /** The last entries, in their order. */
  async #readLatest(count: number): Promise<Positioned[]> {
    const found: Positioned[] = [];
    for (let end = '+'; found.length < count;) {
      const limit = Math.min(PAGE, count - found.length);
      const range = [this.#stream, end, '-', 'COUNT', String(limit)];
      const page = toEntries(await this.#blocking('XREVRANGE', ...range));
      found.push(...page);
      if (page.length < limit) break;
      end = `(${page.at(-1)![0]}`;
    }
    return found.reverse();
  }

  /** How many entries the stream ever had; `NaN` where Redis is older than 7. */
  async #countEntries(): Promise<number> {
    const info = toPairs(await this.#blocking('XINFO', 'STREAM', this.#stream));
    return Number(info.get('entries-added'));
  }

  /** The cursor before the first entry, the same for all hubs. */
  async #readOrigin(): Promise<string> {
    const key = `${this.#stream}:origin`;
    await this.#blocking('SET', key, createUrn(), 'NX');
    return String(await this.#blocking('GET', key));
  }

  /** Reports what comes, until the storage is closed. */
  async #follow(): Promise<void> {
    let failures = 0;
    while (!this.#isClosed) {
      try {
        // After a failure the log may have gone back, which has to be known at once.
        await this.#readOn(failures === 0 ? ['BLOCK', String(BLOCK)] : []);
        failures = 0;
      } catch {
        await pause(Math.min(2_000, 50 * 2 ** failures++));
      }
    }
  }

  /**
   * Reads what comes and reports it. Where the entry that was reported last is gone, the log went back
   * (a failover to a replica that had not caught up) or was cut: then the history begins anew. Both
   * questions go out at once, and whatever Redis answers the first then answers the second.
   */
  async #readOn(block: readonly string[]): Promise<void> {
    const behind = this.#position;
    const options = [...block, 'COUNT', String(PAGE)];
    const [read, reported] = await Promise.all([
      this.#blocking('XREAD', ...options, 'STREAMS', this.#stream, behind),
      this.#blocking('XRANGE', this.#stream, behind, behind),
    ]);
    if (this.#isClosed) return;
    if (behind !== START && (reported as unknown[]).length === 0) return this.#load();
    const page = entriesRead(read);
    const [first] = page;
    this.#lag = first ? Math.max(0, Date.now() - timeOf(first[0])) : 0;
    this.#report(page);
  }

  #report(page: readonly Positioned[]): void {
    this.#position = page.at(-1)?.[0] ?? this.#position;
    this.#reader.entries(page.map(([, entry]) => entry));
    const isReached = ({ position }: { position: string }) =>
      comparePositions(position, this.#position) <= 0;
    for (const { resolve } of this.#waiting.filter(isReached)) resolve();
    this.#waiting = this.#waiting.filter((waiting) => !isReached(waiting));
  }

  /**
   * Resolves once enough replicas have what was written before. One `WAIT` at a time serves all that
   * were written before it: it holds up its connection.
   */
  #replicated(): Promise<void> {
    this.#nextReplication ??= (async () => {
      await this.#replicating?.catch(() => {});
      this.#replicating = this.#nextReplication;
      this.#nextReplication = undefined;
      const answer = await this.#command('WAIT', String(this.#wait), String(WAIT_LIMIT));
      if (Number(answer) < this.#wait) throw new Error('Too few replicas have the update.');
    })();
    return this.#nextReplication;
  }

  #command(...args: [string, ...string[]]): Promise<unknown> {
    return withTimeLimit(this.#client.command(...args), TIME_LIMIT);
  }

  async #blocking(...args: [string, ...string[]]): Promise<unknown> {
    const answer = await withTimeLimit(this.#client.blocking(...args), TIME_LIMIT);
    this.#heardAt = performance.now();
    return answer;
  }
}

/** A client that is not connected may hold a command for ever. */
async function withTimeLimit<Answer>(answer: Promise<Answer>, limit: number): Promise<Answer> {
  let timeout: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timeout = setTimeout(() => reject(new Error('Redis does not answer.')), limit);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timeout);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
