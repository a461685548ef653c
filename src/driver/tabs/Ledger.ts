import type { Position } from '../connection/Stream.js';
import type { TopicSet } from '../topics.js';
import type { LeaderMessage, LinkMessage, TabMessage } from './messages.js';

/** What every tab of a group notes as it hears it, so that each of them can lead next. */
export class Ledger {
  /** The term of the leader: each begins a greater one. */
  term = 0;
  /** Whether this tab has missed a message. Its positions then stay where it was. */
  isBehind = false;
  /** Where each accepted subscription is. */
  readonly positions = new Map<string, Position>();
  /** What each tab wants. */
  readonly members = new Map<string, Map<string, TopicSet>>();
  /** Where the streams of this term are, by number. */
  readonly #streams = new Map<number, Position>();

  /** What any tab wants. */
  get wanted(): Map<string, TopicSet> {
    return new Map([...this.members.values()].flatMap((sets) => [...sets]));
  }

  /** A term greater than any, also than those nobody here has heard of. */
  nextTerm(): number {
    this.beginTerm(Math.max(Math.floor(this.term) + 1, Date.now()) + Math.random());
    return this.term;
  }

  beginTerm(term: number): void {
    this.term = term;
    this.#streams.clear();
  }

  note(message: TabMessage | LeaderMessage): void {
    switch (message.type) {
      case 'join':
        this.members.set(message.tab, new Map());
        this.#want(message.tab, message.sets);
        return this.#forgetUnwanted();
      case 'change': {
        const sets = this.members.get(message.tab);
        for (const key of message.removed) sets?.delete(key);
        this.#want(message.tab, message.added);
        return this.#forgetUnwanted();
      }
      case 'left':
        this.members.delete(message.tab);
        return this.#forgetUnwanted();
      case 'refused':
        for (const sets of this.members.values()) sets.delete(message.key);
        return this.#forgetUnwanted();
      case 'lead':
        // What its members say themselves is newer than what the leader says of them.
        for (const [tab, sets] of message.members) {
          if (!this.members.has(tab)) this.members.set(tab, new Map(sets));
        }
        for (const link of message.links) this.#noteLink(link);
        return;
      case 'linked':
        return this.#noteLink(message);
      case 'moved':
        if (!this.isBehind) this.#positionOf(message.stream).cursor = message.cursor;
        return;
      case 'received': {
        if (this.isBehind) return;
        const position = this.#positionOf(message.stream);
        position.cursor = message.event.id ?? position.cursor;
        position.heardAt = Date.now();
        return;
      }
      case 'post':
      case 'posted':
      case 'wake':
      case 'ping':
      case 'alive':
      case 'gap':
      case 'report':
    }
  }

  #want(tab: string, sets: readonly TopicSet[]): void {
    for (const set of sets) {
      // One that has a position has caught up: the tab is about to hear of it.
      const since = this.positions.has(set.key) ? undefined : set.since;
      this.members.get(tab)?.set(set.key, { ...set, since });
    }
  }

  #noteLink({ keys, link, stream, cursor }: LinkMessage): void {
    const position = this.#positionOf(stream);
    position.cursor ??= cursor;
    if (link.status !== 'open') return;
    for (const key of keys) {
      if (!this.isBehind || !this.positions.has(key)) this.positions.set(key, position);
      for (const sets of this.members.values()) {
        const set = sets.get(key);
        if (set) set.since = undefined;
      }
    }
  }

  #positionOf(stream: number): Position {
    let position = this.#streams.get(stream);
    if (!position) {
      this.#streams.set(stream, (position = { cursor: undefined, heardAt: Date.now() }));
    }
    return position;
  }

  #forgetUnwanted(): void {
    const { wanted } = this;
    for (const key of this.positions.keys()) if (!wanted.has(key)) this.positions.delete(key);
  }
}
