import type { Driver, SignalingError } from '../driver/index.js';
import { BUDGET } from './budget.js';
import type { CallMessage, SendOptions } from './CallMessage.js';
import {
  callFull,
  checkCrypto,
  checkMessage,
  checkRoom,
  checkWebRtc,
  notNegotiated,
  otherSecret,
  rtcFailed,
  unreachable,
  warnOfCrowd,
} from './errors.js';
import type { Peer } from './Peer.js';
import { NO_MEDIA, type SentMedia } from './SentMedia.js';
import { Store } from '../driver/Store.js';
import { Visit } from './Visit.js';

/** Default of {@link CallOptions.grace}, in ms. */
export const PEER_GRACE = 15_000;

/** Default of {@link CallOptions.maxPeers}. */
export const MAX_PEERS = 12;

/** From so many others on, a mesh is a strain. */
export const CROWD = 8;

/** How peers connect: as `RTCPeerConnection` takes it, or a function that returns it. */
export type CallRtc =
  | RTCConfiguration
  | (() => RTCConfiguration | undefined | Promise<RTCConfiguration | undefined>);

/** Options of a {@link Call}. */
export interface CallOptions {
  /** What carries its signaling. It is borrowed, and never destroyed. */
  driver: Driver;
  /** The topic of the room. The call also uses topics one segment below it: `room/…`. */
  room: string;
  /** Shown to the others. Default: `''`. */
  name?: string | undefined;
  /** What is sent: as `LocalMedia` gives it. Default: `null`, nothing. */
  media?: SentMedia | null | undefined;
  /** Shown to the others as `peer.data`: anything JSON can carry. Default: `undefined`. */
  data?: unknown;
  /**
   * Known to those in the call only, and not to the hub: all signaling is sealed with it, and so
   * media and messages are safe from the people who run the hub. Make it long and random; a guessed one
   * protects nothing. Default: none.
   */
  secret?: string | undefined;
  /**
   * How peers connect, or a function that says so, asked before each attempt: for credentials of a
   * TURN server that expire. Default: nothing, so that nobody's STUN server is contacted; this
   * connects peers on one network. Over the internet a call needs `iceServers`, both STUN and TURN.
   */
  rtc?: CallRtc | undefined;
  /**
   * How much is sent to all the others together, in bit/s: the more there are, the smaller the
   * picture each of them gets. Default: 2,500,000 ({@link BUDGET}).
   */
  budget?: number | undefined;
  /** How many others there may be. Every one costs each of them upload. Default: 12 ({@link MAX_PEERS}). */
  maxPeers?: number | undefined;
  /**
   * Publishes private updates: only those whose token covers the topics get them (Mercure,
   * "Authorization"). Default: `false`.
   */
  private?: boolean | undefined;
  /**
   * How long a peer may be out of reach before it leaves the list, in ms; one that says bye leaves
   * it at once, and one that comes back is found again. Default: 15,000 ({@link PEER_GRACE}).
   */
  grace?: number | undefined;
}

/** A snapshot of a {@link Call}. */
export interface CallState {
  /** One's own id, as the others see it: another one at each visit. `undefined` until it is made. */
  readonly id: string | undefined;
  /**
   * - `joining`: not in the room yet. The hub has still to accept its topics.
   * - `joined`: in the room.
   * - `left`: in the room no longer; or not let in, see `error`.
   */
  readonly status: 'joining' | 'joined' | 'left';
  /** Who else is in the room, in order of arrival. */
  readonly peers: readonly Peer[];
  /** What went wrong last; `undefined` once it is over. */
  readonly error: SignalingError | undefined;
}

/**
 * One's part in a room: finds the others there and connects with each of them over WebRTC. Without
 * the hub, people, media and messages stay.
 *
 * @example
 * ```ts
 * const media = new LocalMediaSource();
 * const call = new Call({ driver, room: 'https://example.com/rooms/1' });
 * media.onChange(() => call.setMedia(media.state));
 * call.onChange(() => show(call.state.peers));
 * media.open();
 * call.join();
 * ```
 */
export class Call extends Store<CallState> {
  readonly #options: CallOptions;
  readonly #listeners = new Map<string, Set<(message: CallMessage) => void>>();
  #media: SentMedia;
  #name: string;
  #data: unknown;
  #rtc: CallRtc | undefined;
  #budget: number;
  #visit: Visit | undefined;
  #hubError: SignalingError | undefined;
  #messages = 0;

  /** @throws {@link SignalingError} `usage` where `room` is no topic. */
  constructor(options: CallOptions) {
    super({ id: undefined, status: 'joining', peers: [], error: undefined });
    checkRoom(options.room);
    this.#options = options;
    this.#media = options.media ?? NO_MEDIA;
    this.#name = options.name ?? '';
    this.#data = options.data;
    this.#rtc = options.rtc;
    this.#budget = options.budget ?? BUDGET;
  }

  /** Enters the room; may be called again after {@link leave}. Failure is shown in `state.error`. */
  join(): void {
    if (this.#visit) return;
    const error = checkCrypto() ?? checkWebRtc(this.#rtc);
    if (error) return this.update({ status: 'left', error });
    const visit = this.#createVisit();
    this.#visit = visit;
    this.update({ status: 'joining', error: undefined });
    void this.#enter(visit);
  }

  /** Says bye and closes everything. */
  leave(): void {
    if (!this.#visit) return;
    this.#visit.end();
    this.#visit = undefined;
    this.update({ id: undefined, status: 'left', peers: [] });
  }

  /** Sends this from now on, without negotiation. */
  setMedia(media: SentMedia | null): void {
    this.#media = media ?? NO_MEDIA;
    this.#visit?.setMedia();
  }

  /** Is called this from now on. */
  setName(name: string): void {
    if (name === this.#name) return;
    this.#name = name;
    this.#visit?.shareStatus();
  }

  /**
   * Shows this to the others as `peer.data`, in place of what it was.
   *
   * @throws {@link SignalingError} `usage` where JSON cannot carry it, or it has more than 64 kB.
   */
  setData(data: unknown): void {
    checkMessage(data ?? null);
    this.#data = data;
    this.#visit?.shareStatus();
  }

  /** Connects this way from now on. Those who are connected stay so. */
  setRtc(rtc: CallRtc | undefined): void {
    this.#rtc = rtc;
  }

  /** Sends so much from now on, in bit/s. */
  setBudget(budget: number = BUDGET): void {
    this.#budget = budget;
    this.#visit?.setLimits();
  }

  /**
   * The connection to a peer, to read from: statistics, receivers. `undefined` where there is none.
   * It may be another one later.
   */
  connection(peerId: string): RTCPeerConnection | undefined {
    return this.#visit?.connection(peerId);
  }

  /**
   * Sends a message to everybody in `state.peers`, or to one. It goes over the connections of the
   * peers and not over the hub, arrives in order, and waits for those out of reach for a moment.
   *
   * @throws {@link SignalingError} `usage` where JSON cannot carry `body`, or it has more than 64 kB.
   */
  send(channel: string, body: unknown, { to }: SendOptions = {}): void {
    checkMessage(body);
    this.#visit?.send(channel, body, to);
    this.#deliver(channel, {
      from: this.state.id ?? '',
      name: this.#name,
      own: true,
      to,
      body: structuredClone(body),
    });
  }

  /** Calls `listener` with each message on a channel, one's own too, until its undo is called. */
  onMessage(channel: string, listener: (message: CallMessage) => void): () => void {
    const listeners = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  async #enter(visit: Visit): Promise<void> {
    try {
      const id = await visit.prepare();
      if (visit.ended) return;
      this.update({ id });
      await visit.enter();
      if (!visit.ended) this.update({ status: 'joined' });
    } catch (error) {
      if (visit.ended) return;
      this.leave();
      this.#reportHub(error);
    }
  }

  #createVisit(): Visit {
    const { driver, room, secret, maxPeers = MAX_PEERS, grace = PEER_GRACE } = this.#options;
    return new Visit({
      driver,
      room,
      secret,
      private: this.#options.private ?? false,
      grace,
      maxPeers,
      budget: () => this.#budget,
      configuration: () => this.#configure(),
      media: () => this.#media,
      status: () => ({
        name: this.#name,
        data: this.#data,
        camera: this.#media.camera.on,
        microphone: this.#media.microphone.on,
        screen: this.#media.screen.stream !== null,
      }),
      onPeers: (peers) => this.#showPeers(peers),
      onMessage: ({ id, name }, channel, body) =>
        this.#deliver(channel, { from: id, name, own: false, to: undefined, body }),
      onUnreachable: (name) => this.#report(unreachable(name)),
      onNegotiationError: (name, cause) => this.#report(notNegotiated(name, cause)),
      onHubError: (error) => this.#reportHub(error),
      onHubTakes: () => this.#forgetError(this.#hubError),
      onOtherSecret: () => this.#report(otherSecret()),
      onFull: () => this.state.error?.code === 'full' || this.#report(callFull()),
    });
  }

  async #configure(): Promise<RTCConfiguration | undefined> {
    if (typeof this.#rtc !== 'function') return this.#rtc;
    try {
      const configuration = await this.#rtc();
      const error = checkWebRtc(configuration);
      if (!error) return configuration;
      throw error;
    } catch (cause) {
      throw rtcFailed(cause);
    }
  }

  #deliver(channel: string, message: Omit<CallMessage, 'id' | 'at'>): void {
    this.#messages += 1;
    const delivered = { ...message, id: String(this.#messages), at: Date.now() };
    for (const listener of this.#listeners.get(channel) ?? []) listener(delivered);
  }

  #showPeers(peers: readonly Peer[]): void {
    const connected = (list: readonly Peer[]): number =>
      list.filter(({ state }) => state === 'connected').length;
    if (peers.length >= CROWD && this.state.peers.length < CROWD) warnOfCrowd(peers.length + 1);
    // Whatever kept somebody away is over.
    const isFound = connected(peers) > connected(this.state.peers);
    const hasPlace = peers.length < this.state.peers.length && this.state.error?.code === 'full';
    const error = isFound || hasPlace ? undefined : this.state.error;
    this.update({ peers, error });
  }

  #report(error: SignalingError): void {
    this.update({ error });
  }

  #reportHub(error: unknown): void {
    this.#hubError = error as SignalingError;
    this.update({ error: this.#hubError });
  }

  #forgetError(error: SignalingError | undefined): void {
    if (error && this.state.error === error) this.update({ error: undefined });
  }
}
