import type { LeaderMessage, TabMessage } from './messages.js';

/** What every tab of a group notes as it hears it, so that any of them can lead next. */
export class Ledger {
  /** The term of the leader: each begins a greater one. */
  term = 0;
  /** Whether this tab has missed something: then its cursors stay where it was. */
  isBehind = false;
  /** Where topics that share streams go on from; `undefined` where none does. */
  cursor: string | undefined;
  /** The topics the hub has accepted, each with where a stream of its own goes on from. */
  readonly cursors = new Map<string, string | undefined>();
  /** Who listens to what. */
  readonly members = new Map<string, Set<string>>();

  /** All topics that somebody listens to. */
  get topics(): Set<string> {
    return new Set([...this.members.values()].flatMap((topics) => [...topics]));
  }

  /** The term of a leader that begins now: greater than any, also than those nobody here has heard. */
  nextTerm(): number {
    this.term = Math.max(Math.floor(this.term) + 1, Date.now()) + Math.random();
    return this.term;
  }

  note(message: TabMessage | LeaderMessage): void {
    switch (message.type) {
      case 'join':
        this.members.set(message.tab, new Set(message.topics));
        return this.#forgetUnwanted();
      case 'change': {
        const topics = this.members.get(message.tab);
        for (const name of message.removed) topics?.delete(name);
        for (const name of message.added) topics?.add(name);
        return this.#forgetUnwanted();
      }
      case 'left':
        this.members.delete(message.tab);
        return this.#forgetUnwanted();
      case 'lead':
        this.#meet(message.members);
        return this.#goOn(message.cursor, message.cursors);
      case 'accepted':
        return this.#goOn(message.cursor, message.cursors);
      case 'refused':
        this.cursors.delete(message.topic);
        return;
      case 'signal':
        return this.#goOn(message.cursor, message.cursor ? [] : [[message.topic, message.id]]);
      case 'alive':
        return this.#goOn(message.cursor, []);
      case 'post':
      case 'posted':
      case 'wake':
      case 'ping':
      case 'connection':
      case 'gap':
      case 'error':
    }
  }

  /** What its members say themselves is newer than what the leader says of them. */
  #meet(members: ReadonlyMap<string, ReadonlySet<string>>): void {
    for (const [tab, topics] of members) {
      if (!this.members.has(tab)) this.members.set(tab, new Set(topics));
    }
  }

  #goOn(cursor: string | undefined, cursors: Iterable<[string, string | undefined]>): void {
    if (!this.isBehind) this.cursor = cursor;
    for (const [name, id] of cursors) {
      if (!this.isBehind || !this.cursors.has(name)) this.cursors.set(name, id);
    }
  }

  #forgetUnwanted(): void {
    const { topics } = this;
    for (const name of this.cursors.keys()) if (!topics.has(name)) this.cursors.delete(name);
  }
}
