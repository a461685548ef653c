import type { HubClient } from '../HubClient.js';
import type { SseDriverOptions } from '../options.js';
import { SignalingError } from '../SignalingError.js';
import { Election, hold, watch } from './Election.js';
import { groupName } from './groupName.js';
import { Leader } from './Leader.js';
import { Ledger } from './Ledger.js';
import { pack, unpack, type LeaderMessage, type TabMessage, type Told } from './messages.js';

/** The tab whose group it is. */
export interface GroupOwner {
  /** What it listens to, and whether the hub has accepted that. */
  readonly topics: ReadonlyMap<string, { accepted: boolean }>;
  /** The leader tells something: in order, none left out, some of it perhaps again. */
  told(message: LeaderMessage): void;
}

/** A publish that was handed to the leader. */
interface Request {
  body: string;
  settle: (answer: { id: string; error: SignalingError | undefined }) => void;
}

/** How often a tab looks whether there is a leader, in ms. */
const TICK = 1_000;

/** After so many ticks without a word of it a leader is taken for frozen. */
const PATIENCE = 4;

/**
 * The tabs that share one connection: they find each other by name, one of them leads, and each can
 * take over. Without a name a tab is alone, and leads itself.
 *
 * What the leader says goes to all in one order, and each notes it. So the next leader, whoever it
 * is, goes on from what it has noted itself: the others have heard that too, or are about to. Only
 * who was not there (out of the back/forward cache) or was not known (frozen while a stranger took
 * over) has missed something; such a tab takes the lead itself, and so goes on from where *it* was.
 */
export class Group {
  readonly #client: HubClient;
  readonly #options: SseDriverOptions & { identity?: string | undefined };
  readonly #owner: GroupOwner;
  readonly #id = crypto.randomUUID();
  readonly #ledger = new Ledger();
  readonly #requests = new Map<number, Request>();
  readonly #added = new Set<string>();
  readonly #removed = new Set<string>();
  #requestCount = 0;
  #name: string | undefined;
  #channel: BroadcastChannel | undefined;
  #election: Election | undefined;
  #leader: Leader | undefined;
  #watch = new AbortController();
  #leave: (() => void) | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #silence = 0;
  #missed = false;
  #closed = false;

  constructor(
    client: HubClient,
    options: SseDriverOptions & { identity?: string | undefined },
    owner: GroupOwner,
  ) {
    this.#client = client;
    this.#options = options;
    this.#owner = owner;
  }

  /** Finds the others. */
  async join(): Promise<void> {
    try {
      const name = await groupName(this.#client.url, this.#options);
      // Before anybody hears of this tab: a leader waits for this lock to see it go.
      if (name !== undefined) this.#leave = await hold(`${name}:${this.#id}`);
      this.#name = name;
    } catch {
      // No credentials, or a page that may not use locks: it goes alone, and tells what is wrong.
    }
    if (this.#closed) return this.#leave?.();
    if (this.#name === undefined) return this.#lead();
    this.#channel = new BroadcastChannel(this.#name);
    this.#channel.addEventListener('message', ({ data }) => this.#hear(unpack(data)));
    this.#introduce();
    this.#election = new Election(this.#name, {
      elected: () => this.#lead(),
      deposed: () => this.#depose(),
    });
    this.#timer = setInterval(() => this.#tick(), TICK);
  }

  /** This tab listens to a topic, or does no more. */
  changed(topic: string, listens: boolean): void {
    if (this.#added.size + this.#removed.size === 0) queueMicrotask(() => this.#tellChange());
    this.#added.delete(topic);
    this.#removed.delete(topic);
    (listens ? this.#added : this.#removed).add(topic);
  }

  /** Posts an update through the leader, and again through the next one where that is gone. */
  post(form: URLSearchParams, signal: AbortSignal): Promise<string> {
    const request = ++this.#requestCount;
    const body = `${form}`;
    return new Promise((resolve, reject) => {
      const settle: Request['settle'] = ({ id, error }) => {
        this.#requests.delete(request);
        if (error) reject(error);
        else resolve(id);
      };
      signal.addEventListener('abort', () => settle({ id: '', error: noAnswer() }), { once: true });
      this.#requests.set(request, { body, settle });
      this.#ask(request, body);
    });
  }

  /** Lets the leader look after its streams; `now`: open them anew. */
  wake(now: boolean): void {
    this.#tell({ type: 'wake', now });
  }

  /** This page was away, and nobody has spoken to it meanwhile. */
  wasAway(): void {
    this.#missed = true;
    this.#leader?.hear({ type: 'wake', now: true });
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#depose();
    this.#channel?.close();
    this.#election?.close();
    this.#leave?.();
  }

  #tick(): void {
    if (this.#leader) return;
    this.#silence++;
    if (this.#missed || this.#silence > PATIENCE) {
      this.#silence = 0;
      this.#election?.steal();
    } else if (this.#silence > 1) this.#tell({ type: 'ping' });
  }

  #lead(): void {
    if (this.#closed) return;
    this.#depose();
    const term = this.#ledger.nextTerm();
    this.#missed = false;
    this.#ledger.note({ type: 'join', tab: this.#id, topics: [...this.#owner.topics.keys()] });
    const leader = new Leader(this.#client, this.#options, this.#ledger, (message) => {
      if (this.#leader !== leader) return;
      this.#channel?.postMessage(pack({ ...message, term }));
      this.#take(message);
    });
    this.#leader = leader;
    leader.introduce();
    leader.start();
    for (const tab of this.#ledger.members.keys()) this.#watchOver(tab);
    this.#askAgain();
  }

  #depose(): void {
    this.#leader?.close();
    this.#leader = undefined;
    this.#watch.abort();
    this.#watch = new AbortController();
  }

  /** Minds that a member's page may end in any way. */
  #watchOver(tab: string): void {
    if (tab === this.#id || this.#name === undefined) return;
    watch(`${this.#name}:${tab}`, this.#watch.signal, () => this.#leader?.dismiss(tab));
  }

  #hear(message: TabMessage | Told): void {
    if (this.#closed) return;
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

  /** A leader of the past, which has been frozen, is not listened to. */
  #hearLeader(message: Told): void {
    if (message.term < this.#ledger.term) return;
    this.#silence = 0;
    const isNew = message.term > this.#ledger.term;
    if (isNew) {
      this.#depose();
      this.#ledger.term = message.term;
    }
    if (isNew && message.type === 'lead') {
      this.#missed = [...this.#owner.topics].some(
        ([name, { accepted }]) => accepted && !message.cursors.has(name),
      );
    }
    // What follows a hole would be out of order; it all comes again once this tab leads.
    if (!this.#missed || message.type === 'posted') this.#take(message);
    if (!isNew) return;
    if (!this.#missed) this.#introduce();
    this.#askAgain();
  }

  #take(message: LeaderMessage): void {
    this.#ledger.note(message);
    if (message.type !== 'posted') this.#owner.told(message);
    else if (message.tab === this.#id) this.#requests.get(message.request)?.settle(message);
  }

  #introduce(): void {
    this.#tell({ type: 'join', tab: this.#id, topics: [...this.#owner.topics.keys()] });
  }

  #tellChange(): void {
    const change = { added: [...this.#added], removed: [...this.#removed] };
    this.#added.clear();
    this.#removed.clear();
    this.#tell({ type: 'change', tab: this.#id, ...change });
  }

  #ask(request: number, body: string): void {
    this.#tell({ type: 'post', tab: this.#id, request, body, at: Date.now() });
  }

  #askAgain(): void {
    for (const [request, { body }] of this.#requests) this.#ask(request, body);
  }

  /** Tells everybody; before it has joined nobody, but then it says all of it when it does. */
  #tell(message: TabMessage): void {
    if (this.#closed) return;
    this.#channel?.postMessage(message);
    this.#ledger.note(message);
    this.#leader?.hear(message);
  }
}

function noAnswer(): SignalingError {
  return new SignalingError('unreachable', 'No tab has taken this signal to the hub in time.');
}
