import type { HubClient } from '../HubClient.js';
import type { SseDriverOptions } from '../options.js';
import { SignalingError } from '../SignalingError.js';
import type { Topic } from '../Topic.js';
import { Election, hold, watch } from './Election.js';
import { groupName } from './groupName.js';
import { Leader } from './Leader.js';
import { Ledger } from './Ledger.js';
import { pack, unpack, type LeaderMessage, type TabMessage, type Told } from './messages.js';

/** The tab whose group it is. */
export interface GroupOwner {
  /** What it listens to. */
  readonly topics: ReadonlyMap<string, Topic>;
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
  readonly #life = new AbortController();
  #leave: (() => void) | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #number = 0;
  #silence = 0;
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
    this.#mindFreezing(this.#election);
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
      this.#askToPost(request, body);
    });
  }

  /** Lets the leader look after its streams; `now`: open them anew. */
  wake(now: boolean): void {
    this.#ask({ type: 'wake', now });
  }

  close(): void {
    this.#closed = true;
    this.#life.abort();
    clearInterval(this.#timer);
    this.#depose();
    this.#channel?.close();
    this.#channel = undefined;
    this.#election?.close();
    this.#leave?.();
  }

  /** A frozen page hears the others, but no hub: another one shall lead meanwhile (Page Lifecycle). */
  #mindFreezing(election: Election): void {
    const { document } = globalThis as Partial<typeof globalThis>;
    const { signal } = this.#life;
    const freeze = () => {
      this.#depose();
      election.withdraw();
    };
    document?.addEventListener('freeze', freeze, { signal });
    document?.addEventListener('resume', () => election.stand(), { signal });
  }

  #tick(): void {
    if (this.#leader) return;
    this.#silence++;
    if (this.#ledger.isBehind || this.#silence > PATIENCE) {
      this.#silence = 0;
      this.#election?.steal();
    } else if (this.#silence > 1) this.#ask({ type: 'ping' });
    const topics = [...this.#owner.topics.values()];
    // What was said may have been lost on its way, to a page that a debugger holds for example.
    if (topics.some(({ accepted, error }) => !accepted && !error)) this.#introduce();
  }

  #lead(): void {
    if (this.#closed) return;
    this.#depose();
    const term = this.#ledger.nextTerm();
    this.#ledger.isBehind = false;
    this.#ledger.note({ type: 'join', tab: this.#id, topics: [...this.#owner.topics.keys()] });
    let number = 0;
    const leader = new Leader(this.#client, this.#options, this.#ledger, (message) => {
      if (this.#leader !== leader) return;
      this.#channel?.postMessage(pack({ ...message, term, number: ++number }));
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
    if (isNew || message.number !== this.#number + 1) {
      this.#ledger.isBehind ||= this.#missesWord(message, isNew);
    }
    this.#number = message.number;
    this.#take(message);
    if (!isNew) return;
    this.#introduce();
    this.#askAgain();
  }

  /** Whether a leader goes on without what was said, or is to be said, to this tab. */
  #missesWord(message: Told, isNew: boolean): boolean {
    const goesOn = (name: string) => isNew && message.type === 'lead' && message.cursors.has(name);
    return [...this.#owner.topics].some(([name, { accepted }]) => accepted && !goesOn(name));
  }

  #take(message: LeaderMessage): void {
    this.#ledger.note(message);
    if (message.type === 'posted') {
      if (message.tab === this.#id) this.#requests.get(message.request)?.settle(message);
    } else if (!this.#ledger.isBehind) {
      // What follows a hole would be out of order; it all comes again once this tab leads.
      this.#owner.told(message);
    }
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

  #askToPost(request: number, body: string): void {
    this.#ask({ type: 'post', tab: this.#id, request, body, at: Date.now() });
  }

  #askAgain(): void {
    for (const [request, { body }] of this.#requests) this.#askToPost(request, body);
  }

  /** Asks the leader, wherever it is; where there is none, the next one is asked again. */
  #ask(message: TabMessage): void {
    if (this.#leader) this.#leader.hear(message);
    else this.#channel?.postMessage(message);
  }

  /** Tells everybody; a tab that has not joined yet says it all when it does. */
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
