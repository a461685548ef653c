import type { Link } from '../connection/Connection.js';
import { HubConnection } from '../connection/HubConnection.js';
import type { SseDriverOptions } from '../options.js';
import { SignalingError } from '../SignalingError.js';
import { withTimeout } from '../timing.js';
import type { Ledger } from './Ledger.js';
import type { LeaderMessage, LinkMessage, TabMessage } from './messages.js';

/** One post is given up after this many ms. */
const POST_TIMEOUT = 10_000;

/** A tab that asked longer ago than this, in ms, may have asked another leader since. */
const STALE_AFTER = 3_000;

/**
 * The one tab of a group that talks to the hub. Its connection serves what any tab wants; what that
 * reports goes to all of them, and what they post goes through it.
 */
export class Leader {
  readonly #ledger: Ledger;
  readonly #say: (message: LeaderMessage) => void;
  readonly #connection: HubConnection;
  readonly #links = new Map<string, { link: Link; stream: number }>();
  readonly #abort = new AbortController();

  /**
   * Goes on where the leader before it was.
   *
   * @param say Sends a message to every tab, this one included.
   */
  constructor(options: SseDriverOptions, ledger: Ledger, say: (message: LeaderMessage) => void) {
    this.#ledger = ledger;
    this.#say = say;
    this.#connection = new HubConnection(
      options,
      {
        received: (keys, event, stream) =>
          say({ type: 'received', keys: [...keys], event, stream }),
        linked: (keys, link, stream) => this.#link([...keys], link, stream),
        moved: (stream, cursor) => say({ type: 'moved', stream, cursor }),
        refused: (key, error) => {
          say({ type: 'refused', key, error });
          this.#arrange();
        },
        gap: (keys, lastEventId) => say({ type: 'gap', keys: [...keys], lastEventId }),
        report: (error) => say({ type: 'report', error }),
      },
      ledger.positions,
    );
  }

  start(): void {
    this.introduce();
    this.#arrange();
  }

  /** Does what a tab asks for, after the ledger has noted it. */
  hear(message: TabMessage): void {
    switch (message.type) {
      case 'join':
      case 'change': {
        this.#arrange();
        const sets = message.type === 'join' ? message.sets : message.added;
        for (const link of this.#linksOf(sets.map(({ key }) => key))) this.#say(link);
        return;
      }
      case 'post':
        return void this.#post(message);
      case 'wake':
        return this.#connection.wake(message.force);
      case 'ping':
        return this.#say({ type: 'alive' });
    }
  }

  /** Tells a tab that is new how things are. */
  introduce(): void {
    const { members, positions } = this.#ledger;
    const resumed = new Set(positions.keys());
    this.#say({ type: 'lead', members, resumed, links: this.#linksOf([...this.#links.keys()]) });
  }

  /** A tab is gone. */
  dismiss(tab: string): void {
    this.#say({ type: 'left', tab });
    this.#arrange();
  }

  close(): void {
    this.#abort.abort();
    this.#connection.close();
  }

  #arrange(): void {
    const { wanted } = this.#ledger;
    for (const key of this.#links.keys()) if (!wanted.has(key)) this.#links.delete(key);
    this.#connection.want(wanted);
  }

  #link(keys: readonly string[], link: Link, stream: number): void {
    for (const key of keys) this.#links.set(key, { link, stream });
    this.#say({ type: 'linked', keys, link, stream });
  }

  /** The links of these, one message for each link. */
  #linksOf(keys: readonly string[]): LinkMessage[] {
    const messages = new Map<Link, LinkMessage & { keys: string[] }>();
    for (const key of keys) {
      const { link, stream } = this.#links.get(key) ?? {};
      if (!link) continue;
      const { cursor } = this.#ledger.positions.get(key) ?? {};
      const message = messages.get(link) ?? {
        type: 'linked',
        keys: [],
        link,
        stream: stream!,
        cursor,
      };
      messages.set(link, message);
      message.keys.push(key);
    }
    return [...messages.values()];
  }

  async #post({ tab, request, update, at }: TabMessage & { type: 'post' }): Promise<void> {
    let id = '';
    let error: SignalingError | undefined;
    try {
      if (Date.now() - at > STALE_AFTER) throw lateRequest();
      id = await withTimeout(this.#abort.signal, POST_TIMEOUT, (signal) =>
        this.#connection.post(update, { keepalive: false, signal }),
      );
    } catch (reason) {
      error = reason as SignalingError;
    }
    // A tab that does not lead any more leaves the answer to the next leader.
    if (!this.#abort.signal.aborted) this.#say({ type: 'posted', tab, request, id, error });
  }
}

function lateRequest(): SignalingError {
  return new SignalingError('unreachable', 'The tab that publishes for all was busy or frozen.');
}
