import type { Negotiation } from './messages.js';

/** What a connection says beside which one it is. */
export type News = Omit<Negotiation, 'connection'>;

/**
 * Candidates come in bursts: those of this machine at once, and those of STUN and TURN servers after
 * their round trips. A message waits until none came for so long, and no longer than `first` for the
 * first one, in ms.
 */
const DESCRIPTION = { quiet: 5, first: 200 };
const CANDIDATES = { quiet: 50, first: 300 };

/**
 * What a connection has to tell its peer, in few messages: what appears while one is under way
 * travels together in the next.
 */
export class Outgoing {
  readonly #connection: RTCPeerConnection;
  readonly #send: (news: News) => Promise<void>;
  readonly #onError: (error: unknown) => void;
  #endWait = (): void => {};
  #onCandidate = (): void => {};
  #sending = false;
  #described = false;
  #round: number | undefined;
  #restart: Negotiation['restart'];
  #candidates: RTCIceCandidateInit[] = [];

  /** @param send Brings it to the peer; resolves when the hub, or the channel, has taken it. */
  constructor(
    connection: RTCPeerConnection,
    send: (news: News) => Promise<void>,
    onError: (error: unknown) => void,
  ) {
    this.#connection = connection;
    this.#send = send;
    this.#onError = onError;
    connection.addEventListener('icegatheringstatechange', () => {
      if (this.#gathered) this.#endWait();
    });
    connection.addEventListener('icecandidate', ({ candidate }) => {
      // The last one is empty in Firefox. Both sides of a TCP path would call and none listen.
      if (!candidate?.candidate || candidate.tcpType === 'active') return;
      this.#candidates.push(candidate.toJSON());
      this.#onCandidate();
      if (this.#described) void this.#flush();
    });
  }

  /** Whether something is still on its way. */
  get sending(): boolean {
    return this.#sending;
  }

  /** The peer shall know the local description. */
  describe(round: number): void {
    this.#described = true;
    this.#round = round;
    void this.#flush();
  }

  /** The peer shall offer another path, or another connection. */
  ask(restart: 'path' | 'connection'): void {
    this.#restart = restart;
    void this.#flush();
  }

  /** After the connection is closed: no timer is left. */
  close(): void {
    this.#endWait();
  }

  get #gathered(): boolean {
    return this.#connection.iceGatheringState === 'complete';
  }

  async #flush(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    try {
      for (;;) {
        if (!this.#gathered) await this.#wait();
        const news = this.#connection.signalingState !== 'closed' && this.#take();
        if (!news) break;
        await this.#send(news);
      }
    } catch (error) {
      this.#onError(error);
    } finally {
      this.#sending = false;
    }
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const { quiet, first } = this.#round === undefined ? CANDIDATES : DESCRIPTION;
      let timer = setTimeout(end, this.#candidates.length > 0 ? quiet : first);
      this.#endWait = end;
      this.#onCandidate = () => {
        clearTimeout(timer);
        timer = setTimeout(end, quiet);
      };
    });
  }

  #take(): News | undefined {
    const { localDescription } = this.#connection;
    const round = this.#round;
    if (round !== undefined && localDescription) {
      const { type, sdp } = localDescription;
      this.#round = undefined;
      this.#candidates = []; // they are in the description
      return { description: { type: type as 'offer' | 'answer', sdp, round } };
    }
    if (this.#restart) {
      const restart = this.#restart;
      this.#restart = undefined;
      return { restart };
    }
    return this.#candidates.length > 0 ? { candidates: this.#candidates.splice(0) } : undefined;
  }
}
