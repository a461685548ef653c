import { Pause } from '../driver/backoff.js';
import type { Negotiation } from './messages.js';

/** What a message says beside who it is from and whom it is for. */
export type News = Pick<Negotiation, 'description' | 'candidates'>;

/** Candidates come in bursts: what there is to say waits this long for the end of one, in ms. */
const BURST = 50;

/**
 * What a connection has to tell its peer, in few messages: what appears while one is under way
 * travels together in the next.
 */
export class Outgoing {
  readonly #connection: RTCPeerConnection;
  readonly #send: (news: News) => Promise<void>;
  readonly #burst = new Pause();
  #sending = false;
  #name = false;
  #offer: number | undefined;
  #answer: number | undefined;
  #candidates: RTCIceCandidateInit[] = [];

  /** @param send Brings it to the peer; resolves when the hub has taken it. */
  constructor(connection: RTCPeerConnection, send: (news: News) => Promise<void>) {
    this.#connection = connection;
    this.#send = send;
    connection.onicegatheringstatechange = () => this.#gathered && this.#burst.end();
    connection.onicecandidate = ({ candidate }) => {
      if (!candidate) return;
      this.#candidates.push(candidate.toJSON());
      void this.#flush();
    };
  }

  /** The peer shall know the local offer. */
  offer(round: number): void {
    this.#offer = round;
    void this.#flush();
  }

  /** The peer shall know the local answer. */
  answer(round: number): void {
    this.#answer = round;
    void this.#flush();
  }

  /** The peer shall know the name, which every message tells. */
  name(): void {
    this.#name = true;
    void this.#flush();
  }

  /** After the connection is closed: no timer is left. */
  close(): void {
    this.#burst.end();
  }

  get #gathered(): boolean {
    return this.#connection.iceGatheringState === 'complete';
  }

  async #flush(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    try {
      while (this.#connection.signalingState !== 'closed') {
        if (!this.#gathered) await this.#burst.wait(BURST);
        const news = this.#take();
        if (!news) break;
        await this.#send(news);
      }
    } catch {
      // Whoever sends has told why. When the hub is back, the link says it again.
    } finally {
      this.#sending = false;
    }
  }

  #take(): News | undefined {
    const { currentLocalDescription: current, pendingLocalDescription: pending } = this.#connection;
    const [offer, answer, name] = [this.#offer, this.#answer, this.#name];
    this.#name = false;
    if (answer !== undefined) {
      this.#answer = undefined;
      // An offer may be pending already on top of the answer, and then has the candidates.
      if (!pending) this.#candidates = [];
      if (current?.type === 'answer') return describe(current, answer);
    }
    if (offer !== undefined) {
      this.#offer = undefined;
      // None is pending where it was rolled back or answered meanwhile.
      if (pending?.type === 'offer') {
        this.#candidates = [];
        return describe(pending, offer);
      }
    }
    if (this.#candidates.length > 0) return { candidates: this.#candidates.splice(0) };
    return name ? {} : undefined;
  }
}

function describe({ type, sdp }: RTCSessionDescription, round: number): News {
  return { description: { type: type as 'offer' | 'answer', sdp, round } };
}
