import type { RedisCommand } from './redisCommand.js';
import type { Roster } from './Storage.js';

/** How often a hub shows that it lives, and for how long that is believed, in ms. */
const BEAT = 5_000;
const LIFE = 20_000;

/**
 * What each hub shares, in a hash of its own beside a key that expires once the hub has died. The hub
 * that notices first takes the dead one's hash away.
 */
export class RedisRoster implements Roster {
  readonly #command: RedisCommand;
  readonly #stream: string;
  readonly #self = crypto.randomUUID();
  readonly #own = new Map<string, string>();
  #onDeath: (documents: string[]) => void = () => {};
  #beats: ReturnType<typeof setInterval> | undefined;
  /** When it showed last that it lives, and from when on it judges others (`performance.now()`). */
  #beatAt = -Infinity;
  #judgesFrom = 0;

  constructor(command: RedisCommand, stream: string) {
    this.#command = command;
    this.#stream = stream;
  }

  /** @param onDeath gets what a dead hub had shared. */
  async open(onDeath: (documents: string[]) => void): Promise<void> {
    this.#onDeath = onDeath;
    await this.#beat();
    this.#beats = setInterval(() => void this.#beat().catch(() => {}), BEAT);
  }

  async set(key: string, document: string): Promise<void> {
    this.#own.set(key, document);
    await this.#command('HSET', this.#hashOf(this.#self), key, document);
  }

  async delete(key: string): Promise<void> {
    this.#own.delete(key);
    await this.#command('HDEL', this.#hashOf(this.#self), key);
  }

  async list(): Promise<string[]> {
    const hubs = (await this.#command('SMEMBERS', this.#hubs)) as Iterable<unknown>;
    const hashes = await Promise.all(
      [...hubs].map((hub) => this.#command('HVALS', this.#hashOf(String(hub)))),
    );
    return hashes.flatMap((values) => (values as unknown[]).map(String));
  }

  async close(): Promise<void> {
    if (this.#beats === undefined) return;
    clearInterval(this.#beats);
    // Where that fails, others find it dead.
    await this.#remove(this.#self).catch(() => {});
  }

  get #hubs(): string {
    return `${this.#stream}:hubs`;
  }

  #hashOf(hub: string): string {
    return `${this.#stream}:hub:${hub}`;
  }

  async #beat(): Promise<void> {
    await this.#command('SET', `${this.#hashOf(this.#self)}:alive`, '1', 'PX', String(LIFE));
    const isNew = Number(await this.#command('SADD', this.#hubs, this.#self)) === 1;
    // Redis lost it, or another hub took this one for dead.
    if (isNew && this.#own.size > 0) {
      await this.#command('HSET', this.#hashOf(this.#self), ...[...this.#own].flat());
    }
    const now = performance.now();
    // While Redis was away, nobody could show that it lives: all have to be given the time.
    if (now - this.#beatAt > 2 * BEAT) this.#judgesFrom = now + LIFE;
    this.#beatAt = now;
    if (now < this.#judgesFrom) return;
    const hubs = (await this.#command('SMEMBERS', this.#hubs)) as Iterable<unknown>;
    for (const hub of hubs) await this.#bury(String(hub));
  }

  /** Takes over what a hub had shared, where that hub is dead and no other one is faster. */
  async #bury(hub: string): Promise<void> {
    const hash = this.#hashOf(hub);
    if (Number(await this.#command('EXISTS', `${hash}:alive`)) === 1) return;
    const taken = await this.#command('SET', `${hash}:taken`, this.#self, 'NX', 'PX', String(LIFE));
    if (String(taken) !== 'OK') return;
    const documents = (await this.#command('HVALS', hash)) as unknown[];
    await this.#remove(hub);
    this.#onDeath(documents.map(String));
  }

  async #remove(hub: string): Promise<void> {
    await this.#command('SREM', this.#hubs, hub);
    await this.#command('DEL', this.#hashOf(hub), `${this.#hashOf(hub)}:alive`);
  }
}
