import type { Update } from '../../mercure/index.js';
import type { Connection, ConnectionOwner, Link } from '../connection/Connection.js';
import { HubClient } from '../connection/HubClient.js';
import { listenTo } from '../listenTo.js';
import { readTimeout, type TabsDriverOptions } from '../options.js';
import { untilAborted, withTimeout } from '../timing.js';
import type { TopicSet } from '../topics.js';
import { Election, hold, watch } from './Election.js';
import { groupName } from './groupName.js';
import { Leader } from './Leader.js';
import { Ledger } from './Ledger.js';
import {
  pack,
  unpack,
  type LeaderMessage,
  type NumberedMessage,
  type TabMessage,
} from './messages.js';
import { Requests } from './Requests.js';

/** How often a tab looks whether there is a leader, in ms. */
const TICK = 1_000;

/** After this many ticks without a message, a leader is taken for frozen. */
const PATIENCE = 4;

/** Between two leaders. */
const HANDOVER: Link = {
  status: 'reconnecting',
  error: undefined,
  attempt: 1,
  retryAt: undefined,
};

/**
 * One connection to the hub for all tabs that share it: they find each other by name, one of them
 * leads, and each can take over. Without a name a tab is alone, and leads itself.
 *
 * What the leader says goes to all in one order, and each tab notes it. So the next leader, whatever
 * tab that is, goes on from what it has noted itself: the others have heard that too, or are about
 * to. Only a tab that was not there (in the back/forward cache) or not known (frozen while a
 * stranger took over) has missed something. It takes the lead itself, and goes on from where *it*
 * was.
 */
export class SharedConnection implements Connection {
  readonly #options: TabsDriverOptions;
  readonly #owner: ConnectionOwner;
  readonly #id = createTabId();
  readonly #ledger = new Ledger();
  readonly #requests = new Requests((request, update) =>
    this.#ask({ type: 'post', tab: this.#id, request, update, at: Date.now() }),
  );
  /** What was accepted for this tab. */
  readonly #accepted = new Set<string>();
  #wanted: ReadonlyMap<string, TopicSet> = new Map();
  /** What the group knows of it. */
  #told = new Map<string, TopicSet>();
  /** What has left since then, even where it has come back. */
  readonly #left = new Set<string>();
  #isTelling = false;
  #hasJoined = false;
  #name: string | undefined;
  #channel: BroadcastChannel | undefined;
  #election: Election | undefined;
  #leader: Leader | undefined;
  #watch = new AbortController();
  readonly #life = new AbortController();
  #leave: (() => void) | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #number = 0;
  #silence = 0;

  constructor(options: TabsDriverOptions, owner: ConnectionOwner) {
    this.#options = options;
    this.#owner = owner;
  }

  want(sets: ReadonlyMap<string, TopicSet>): void {
    this.#wanted = sets;
    // What leaves and comes back before the others are told begins anew.
    for (const key of this.#told.keys()) {
      if (sets.has(key)) continue;
      this.#left.add(key);
      this.#accepted.delete(key);
    }
    this.#join();
    if (this.#isTelling) return;
    this.#isTelling = true;
    queueMicrotask(() => {
      this.#isTelling = false;
      this.#tellChange();
    });
  }

  /** Posts through the leader, and again through the next one where that is gone. */
  post(
    update: Update,
    { keepalive, signal }: { keepalive: boolean; signal: AbortSignal },
  ): Promise<string> {
    this.#join();
    // What outlives the page goes to the hub by itself.
    if (keepalive) return new HubClient(this.#options).post(update, { keepalive, signal });
    return this.#requests.post(update, signal);
  }

  wake(force: boolean): void {
    this.#ask({ type: 'wake', force });
  }

  close(): void {
    this.#life.abort();
    clearInterval(this.#timer);
    this.#depose();
    this.#channel?.close();
    this.#channel = undefined;
    this.#election?.close();
    this.#leave?.();
  }

  get #isClosed(): boolean {
    return this.#life.signal.aborted;
  }

  /** Finds the other tabs when it is first used. */
  #join(): void {
    if (this.#hasJoined) return;
    this.#hasJoined = true;
    void this.#enter();
  }

  async #enter(): Promise<void> {
    try {
      const limit = readTimeout(this.#options);
      const name = await withTimeout(this.#life.signal, limit, (signal) =>
        untilAborted(groupName(this.#options), signal),
      );
      // Before any tab hears of this one: a leader waits for this lock to see it go.
      if (name !== undefined) this.#leave = await hold(`${name}:${this.#id}`);
      this.#name = name;
    } catch {
      // No credentials, or a page that may not use locks: the tab is alone, and its connection
      // reports what is wrong.
    }
    if (this.#isClosed) return this.#leave?.();
    if (this.#name === undefined) return this.#lead();
    this.#channel = new BroadcastChannel(this.#name);
    this.#channel.addEventListener('message', ({ data }) => this.#hear(unpack(data)));
    this.#introduce();
    this.#election = new Election(this.#name, {
      elected: () => this.#lead(),
      deposed: () => this.#depose(),
    });
    this.#timer = setInterval(() => this.#tick(), TICK);
    this.#stepBackWhenFrozen(this.#election);
  }

  /** A frozen page gets no answers from the hub: another one leads meanwhile (Page Lifecycle). */
  #stepBackWhenFrozen(election: Election): void {
    const { document } = globalThis as Partial<typeof globalThis>;
    if (!document) return;
    const end = listenTo(document, {
      freeze: () => {
        this.#depose();
        election.withdraw();
      },
      resume: () => election.stand(),
    });
    this.#life.signal.addEventListener('abort', end);
  }

  #tick(): void {
    if (this.#leader) return;
    this.#silence++;
    if (this.#ledger.isBehind || this.#silence > PATIENCE) {
      this.#silence = 0;
      this.#election?.steal();
    } else if (this.#silence > 1) this.#ask({ type: 'ping' });
    // A message may be lost on its way to a page that a debugger holds.
    if ([...this.#wanted.keys()].some((key) => !this.#accepted.has(key))) this.#introduce();
  }

  #lead(): void {
    if (this.#isClosed) return;
    this.#depose();
    const term = this.#ledger.nextTerm();
    // What this tab has not caught up with begins anew, also where the last leader had all of it.
    for (const { key, since } of this.#wanted.values()) {
      if (since !== undefined) this.#ledger.positions.delete(key);
    }
    this.#ledger.isBehind = false;
    this.#ledger.note(this.#joinMessage());
    let number = 0;
    const leader = new Leader(this.#options, this.#ledger, (message) => {
      if (this.#leader !== leader) return;
      this.#channel?.postMessage(pack({ ...message, term, number: ++number }));
      this.#take(message);
    });
    this.#leader = leader;
    this.#handOver();
    leader.start();
    for (const tab of this.#ledger.members.keys()) this.#watchOver(tab);
    this.#requests.askAgain();
  }

  #depose(): void {
    this.#leader?.close();
    this.#leader = undefined;
    this.#watch.abort();
    this.#watch = new AbortController();
  }

  /** Notices when the page of a tab ends, in whatever way. */
  #watchOver(tab: string): void {
    if (tab === this.#id || this.#name === undefined) return;
    watch(`${this.#name}:${tab}`, this.#watch.signal, () => this.#leader?.dismiss(tab));
  }

  #hear(message: TabMessage | NumberedMessage): void {
    if (this.#isClosed) return;
    if ('term' in message) return this.#hearLeader(message);
    const isNew = message.type === 'join' && !this.#ledger.members.has(message.tab);
    this.#ledger.note(message);
    if (!this.#leader) return;
    if (isNew) {
      this.#watchOver(message.tab);
      this.#leader.introduce();
    }
    this.#leader.hear(message);
  }

  /** A leader of a past term, which has been frozen, is not heard. */
  #hearLeader(message: NumberedMessage): void {
    if (message.term < this.#ledger.term) return;
    this.#silence = 0;
    const isNew = message.term > this.#ledger.term;
    // What was sent before a tab joins its group is not for it.
    const hasJoined = this.#ledger.term > 0;
    const isMissing = hasJoined && message.number !== (isNew ? 1 : this.#number + 1);
    if (isNew) {
      this.#depose();
      this.#ledger.beginTerm(message.term);
      this.#handOver();
    }
    if (isNew || isMissing) this.#ledger.isBehind ||= this.#missesMessages(message, isNew);
    if (isMissing) this.#ledger.isBehind ||= this.#awaitsPast;
    this.#number = message.number;
    this.#take(message);
    if (!isNew) return;
    this.#introduce();
    this.#requests.askAgain();
  }

  /** Whether something that was said, or is to be said, to this tab will not be repeated. */
  #missesMessages(message: NumberedMessage, isNew: boolean): boolean {
    const isResumed = (key: string): boolean =>
      isNew && message.type === 'lead' && message.resumed.has(key);
    return [...this.#accepted].some((key) => !isResumed(key));
  }

  /** Whether updates may be on their way to a subscription that has not caught up. */
  get #awaitsPast(): boolean {
    return [...this.#told.values()].some(({ since }) => since !== undefined);
  }

  #take(message: LeaderMessage): void {
    this.#ledger.note(message);
    if (message.type === 'posted') {
      if (message.tab === this.#id) {
        this.#requests.settle(message.request, message.id, message.error);
      }
    } else if (!this.#ledger.isBehind) {
      // What follows a hole would be out of order; all of it comes again once this tab leads.
      this.#report(message);
    }
  }

  #report(message: Exclude<LeaderMessage, { type: 'posted' }>): void {
    switch (message.type) {
      case 'lead':
        for (const link of message.links) this.#report(link);
        return;
      case 'linked': {
        const keys = message.keys.filter((key) => this.#wanted.has(key));
        if (message.link.status === 'open') for (const key of keys) this.#accepted.add(key);
        return this.#owner.linked(keys, message.link, message.stream);
      }
      case 'received':
        return this.#owner.received(message.keys, message.event, message.stream);
      case 'refused':
        this.#told.delete(message.key);
        this.#accepted.delete(message.key);
        return this.#owner.refused(message.key, message.error);
      case 'gap':
        return this.#owner.gap(message.keys, message.lastEventId);
      case 'report':
        if (this.#wanted.size > 0) this.#owner.report(message.error);
        return;
      case 'moved':
      case 'alive':
      case 'left':
    }
  }

  /** What was open is being opened again by the new leader. */
  #handOver(): void {
    this.#owner.linked(this.#accepted, HANDOVER, 0);
  }

  #introduce(): void {
    this.#told = new Map(this.#wanted);
    this.#tell(this.#joinMessage());
  }

  #joinMessage(): TabMessage {
    return { type: 'join', tab: this.#id, sets: [...this.#wanted.values()] };
  }

  #tellChange(): void {
    const isNew = (key: string) => !this.#told.has(key) || this.#left.has(key);
    const added = [...this.#wanted.values()].filter(({ key }) => isNew(key));
    const removed = [...this.#told.keys()].filter((key) => !this.#wanted.has(key));
    this.#left.clear();
    if (added.length + removed.length === 0) return;
    this.#told = new Map(this.#wanted);
    this.#tell({ type: 'change', tab: this.#id, added, removed });
  }

  /** Asks the leader, in whatever tab; where there is none, the next one is asked again. */
  #ask(message: TabMessage): void {
    if (this.#leader) this.#leader.hear(message);
    else this.#channel?.postMessage(message);
  }

  /** Tells everybody. A tab that has not joined yet tells all of it when it does. */
  #tell(message: TabMessage): void {
    if (this.#isClosed) return;
    this.#channel?.postMessage(message);
    this.#ledger.note(message);
    this.#leader?.hear(message);
  }
}

/** Unique among the tabs of a browser, also where there is no `crypto.randomUUID`. */
function createTabId(): string {
  return `${Date.now()}.${Math.random()}`;
}
