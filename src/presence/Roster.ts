import { MAX_MEMBERS, type Member } from './Member.js';
import type { Told } from './messages.js';

/** A member is gone after so many of its beats without a word. */
const PATIENCE = 1.5;
/** For so long, in ms, a message that its author's bye has overtaken may still arrive. */
const OVERTAKEN = 3_000;
/** Who has left is not believed to be there on the word of others for so long, in ms. */
const LEFT = 300_000;
/** So many characters of data are told in one message. */
const MAX_TOLD = 64 * 1024;

interface Entry<Data> {
  member: Member<Data>;
  /** By the own clock, in ms. */
  readonly joinedAt: number;
  heardAt: number;
  beat: number;
  /** Grows with every change of anybody's data. */
  changed: number;
  /** The data, to compare. */
  written: string;
}

/** Who is there, as far as one has heard. It has no timers: all times are given to it, in ms. */
export class Roster<Data> {
  readonly #entries = new Map<string, Entry<Data>>();
  /** When those who have left did. */
  readonly #left = new Map<string, number>();
  #changes = 0;

  /** Somebody spoke: `told.silence` ms ago, where others say so. */
  hear(told: Told, isFirsthand: boolean, now: number): void {
    const { id, beat } = told;
    if (this.#hasLeft(id, isFirsthand, now)) return;
    if (isFirsthand) this.#left.delete(id);
    const known = this.#entries.get(id);
    const heardAt = now - told.silence;
    if (known) {
      known.heardAt = Math.max(known.heardAt, heardAt);
      if (isFirsthand) this.#change(known, told);
    } else if (told.silence <= PATIENCE * beat && this.#entries.size < MAX_MEMBERS) {
      this.#entries.set(id, {
        member: { id, data: told.data as Data },
        joinedAt: now - told.age,
        heardAt,
        beat,
        changed: ++this.#changes,
        written: JSON.stringify(told.data),
      });
    }
  }

  get size(): number {
    return this.#entries.size;
  }

  leave(id: string, now: number): void {
    this.#entries.delete(id);
    this.#left.delete(id);
    this.#left.set(id, now);
    for (const [oldest, at] of this.#left) {
      if (now - at < LEFT && this.#left.size <= MAX_MEMBERS) return;
      this.#left.delete(oldest);
    }
  }

  /** Removes those who have been silent for too long. */
  expire(now: number): void {
    for (const [id, entry] of this.#entries) if (now >= expiryOf(entry)) this.#entries.delete(id);
  }

  /** When the next one will have been silent for too long; `Infinity` where nobody is there. */
  get nextExpiry(): number {
    return Math.min(Infinity, ...Array.from(this.#entries.values(), expiryOf));
  }

  /** Counts silence anew: one could not have heard anybody. */
  forgive(now: number): void {
    for (const entry of this.#entries.values()) entry.heardAt = now;
  }

  clear(): void {
    this.#entries.clear();
  }

  /** What an answer says of as many as fit, chosen at random: who is left out answers as well. */
  tell(now: number): Told[] {
    const all = Array.from(this.#entries.values(), ({ member, joinedAt, heardAt, beat }) => ({
      ...member,
      age: now - joinedAt,
      silence: now - heardAt,
      beat,
    }));
    let length = 0;
    return shuffle(all).filter((told) => {
      length += JSON.stringify(told).length;
      return length <= MAX_TOLD;
    });
  }

  /**
   * All, the first to join first. Members with the same key are one: the one that changed last, at
   * the place of the first.
   */
  list(by: ((member: Member<Data>) => unknown) | undefined): Member<Data>[] {
    const entries = [...this.#entries.values()].sort(
      (a, b) => a.joinedAt - b.joinedAt || (a.member.id < b.member.id ? -1 : 1),
    );
    const latest = new Map<unknown, Entry<Data>>();
    for (const entry of entries) {
      const key = by ? by(entry.member) : entry.member.id;
      const other = latest.get(key);
      if (!other || other.changed < entry.changed) latest.set(key, entry);
    }
    return Array.from(latest.values(), ({ member }) => member);
  }

  #change(entry: Entry<Data>, { data, beat }: Told): void {
    entry.beat = beat;
    const written = JSON.stringify(data);
    if (written === entry.written) return;
    entry.written = written;
    entry.changed = ++this.#changes;
    entry.member = { id: entry.member.id, data: data as Data };
  }

  #hasLeft(id: string, isFirsthand: boolean, now: number): boolean {
    const at = this.#left.get(id);
    return at !== undefined && now - at < (isFirsthand ? OVERTAKEN : LEFT);
  }
}

function expiryOf({ heardAt, beat }: { heardAt: number; beat: number }): number {
  return heardAt + PATIENCE * beat;
}

function shuffle<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
