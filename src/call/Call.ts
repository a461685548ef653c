import { json, SignalingError, type Driver, type SignalHandler } from '../driver/index.js';
import { checkWebRtc, noConnection, notNegotiated, unreachable } from './errors.js';
import {
  parseInboxMessage,
  parseRoomMessage,
  type InboxMessage,
  type Negotiation,
  type RoomMessage,
} from './messages.js';
import { PeerLink, type Peer } from './PeerLink.js';
import { randomId } from './randomId.js';
import { Store } from './Store.js';

/** Default of {@link CallOptions.grace}, in ms. ICE itself takes about half of it to give up. */
export const PEER_GRACE = 30_000;

/** Options of a {@link Call}. */
export interface CallOptions {
  /** What carries its signaling. It is borrowed, and never destroyed. */
  driver: Driver;
  /** The topic of the room. The inbox of a peer is the topic `room/id`. */
  room: string;
  /** Shown to the others. Default: `''`. */
  name?: string | undefined;
  /** What is sent. Default: `null`, nothing. */
  stream?: MediaStream | null | undefined;
  /**
   * How peers connect, as `RTCPeerConnection` takes it. Default: nothing, so that nobody's STUN
   * server is contacted; this connects peers on one network. Over the internet a call needs
   * `iceServers`, both STUN and TURN.
   */
  rtc?: RTCConfiguration | undefined;
  /**
   * How long a peer may be out of reach before it is taken off the roster, in ms; one that says
   * bye or closes its connection goes at once. Default: {@link PEER_GRACE}.
   */
  grace?: number | undefined;
}

/** A snapshot of a {@link Call}. */
export interface CallState {
  /**
   * - `joining`: not in the room yet. The hub has still to accept the room and the inbox.
   * - `joined`: in the room.
   * - `left`: in the room no longer; or not let in, see `error`.
   */
  readonly status: 'joining' | 'joined' | 'left';
  /** Who else is in the room, in order of arrival. */
  readonly peers: readonly Peer[];
  /** What went wrong last; `undefined` once the room could be greeted again. */
  readonly error: SignalingError | undefined;
}

/**
 * One's part in a room: finds the others there and connects with each of them over WebRTC. Without
 * the hub, roster and media stay.
 *
 * @example
 * ```ts
 * const call = new Call({ driver, room: 'https://example.com/rooms/1', stream });
 * call.onChange(() => show(call.state.peers));
 * call.join();
 * ```
 */
export class Call extends Store<CallState> {
  /** Who one is to the others: random, of this call only. */
  readonly id = randomId();
  readonly #driver: Driver;
  readonly #room: string;
  readonly #rtc: RTCConfiguration | undefined;
  readonly #grace: number;
  readonly #links = new Map<string, PeerLink>();
  /** Whoever said bye: what they said before, in our inbox, may still arrive behind it. */
  readonly #departed = new Set<string>();
  #name: string;
  #tracks: readonly MediaStreamTrack[];
  #visit: AbortController | undefined;

  constructor({ driver, room, name = '', stream, rtc, grace = PEER_GRACE }: CallOptions) {
    super({ status: 'joining', peers: [], error: undefined });
    this.#driver = driver;
    this.#room = room;
    this.#rtc = rtc;
    this.#grace = grace;
    this.#name = name;
    this.#tracks = stream?.getTracks() ?? [];
  }

  /** Enters the room; may be called again after {@link leave}. Failure is told in `state.error`. */
  join(): void {
    if (this.#visit) return;
    const error = checkWebRtc(this.#rtc);
    if (error) return this.update({ status: 'left', error });
    this.#visit = new AbortController();
    this.update({ status: 'joining', error: undefined });
    void this.#enter(this.#visit.signal);
  }

  /** Sends this from now on. A track takes the place of one of its kind without negotiation. */
  setStream(stream: MediaStream | null): void {
    this.#tracks = stream?.getTracks() ?? [];
    for (const link of this.#links.values()) link.send(this.#tracks);
  }

  /** Is called this from now on. */
  setName(name: string): void {
    if (name === this.#name) return;
    this.#name = name;
    for (const link of this.#links.values()) link.introduce();
  }

  /** Says bye and closes everything. */
  leave(): void {
    if (!this.#visit) return;
    if (this.state.status === 'joined') this.#sayBye();
    this.#visit.abort();
    this.#visit = undefined;
    this.#closeLinks();
    this.#departed.clear();
    this.update({ status: 'left', peers: [] });
  }

  async #enter(signal: AbortSignal): Promise<void> {
    const inbox = `${this.#room}/${this.id}`;
    try {
      await Promise.all([
        this.#subscribe(this.#room, signal, (bytes) => {
          this.#hearRoom(parseRoomMessage(bytes, this.#room));
        }),
        this.#subscribe(inbox, signal, (bytes) => {
          this.#hearInbox(parseInboxMessage(bytes, inbox));
        }),
      ]);
    } catch (error) {
      if (signal.aborted) return;
      this.leave();
      this.#report(error);
      return;
    }
    if (signal.aborted) return;
    this.update({ status: 'joined' });
    this.#listenToSurroundings(signal);
    void this.#sayHello();
  }

  /** Listens until `signal`, and refuses what cannot be read. */
  #subscribe(
    topic: string,
    signal: AbortSignal,
    hear: (bytes: Uint8Array<ArrayBuffer>) => void,
  ): Promise<void> {
    const handler: SignalHandler = (bytes) => {
      if (signal.aborted) return;
      try {
        hear(bytes);
      } catch (error) {
        this.#report(error instanceof SignalingError ? error : noConnection(error));
      }
    };
    signal.addEventListener('abort', () => void this.#driver.unsubscribe(topic, handler));
    return this.#driver.subscribe(topic, handler);
  }

  #listenToSurroundings(signal: AbortSignal): void {
    const mend = (): void => {
      void this.#sayHello();
      for (const link of this.#links.values()) link.mend();
    };
    this.#driver.on('active', mend);
    signal.addEventListener('abort', () => this.#driver.off('active', mend));

    const restart = (): void => {
      for (const link of this.#links.values()) link.restart();
    };
    const goAway = (): void => {
      this.#sayBye();
      this.#closeLinks();
      this.#showPeers();
    };
    addEventListener('online', restart, { signal });
    addEventListener('pagehide', goAway, { signal });
    addEventListener('pageshow', ({ persisted }) => persisted && void this.#sayHello(), { signal });
  }

  #hearRoom(message: RoomMessage): void {
    if (message.id === this.id) return;
    if (message.type === 'bye') {
      this.#departed.add(message.id);
      return this.#remove(message.id);
    }
    this.#departed.delete(message.id);
    const link = this.#links.get(message.id);
    if (!link) return void this.#connect(message.id, message.name);
    link.rename(message.name);
    link.mend();
  }

  #hearInbox(message: InboxMessage): void {
    if (this.#departed.has(message.from)) return;
    let link = this.#links.get(message.from);
    if (!link || link.isOutdatedBy(message)) link = this.#connect(message.from, message.name);
    link.rename(message.name);
    link.receive(message);
  }

  /** Begins a connection, in place of an earlier one. Where nothing else is applied, it offers. */
  #connect(id: string, name: string): PeerLink {
    this.#links.get(id)?.close();
    const link = new PeerLink({
      id,
      name,
      polite: this.id < id,
      rtc: this.#rtc,
      tracks: this.#tracks,
      grace: this.#grace,
      send: (message) => this.#sendTo(id, message),
      onChange: () => this.#showPeers(),
      onGone: (reason) => {
        if (reason === 'unreachable') this.#report(unreachable(link.peer.name));
        this.#remove(id);
      },
      onError: (cause) => this.#report(notNegotiated(link.peer.name, cause)),
    });
    this.#links.set(id, link);
    this.#showPeers();
    return link;
  }

  #remove(id: string): void {
    this.#links.get(id)?.close();
    if (this.#links.delete(id)) this.#showPeers();
  }

  #closeLinks(): void {
    for (const link of this.#links.values()) link.close();
    this.#links.clear();
  }

  #showPeers(): void {
    this.update({ peers: Array.from(this.#links.values(), ({ peer }) => peer) });
  }

  async #sayHello(): Promise<void> {
    try {
      await this.#publish(this.#room, { type: 'hello', id: this.id, name: this.#name });
      this.update({ error: undefined });
    } catch (error) {
      if (this.#visit) this.#report(error);
    }
    // A bye goes ahead of what waits, and so perhaps of this hello.
    if (!this.#visit) this.#sayBye();
  }

  #sayBye(): void {
    // Whoever does not hear it sees the connection close.
    this.#publish(this.#room, { type: 'bye', id: this.id }, { keepalive: true }).catch(() => {});
  }

  async #sendTo(id: string, message: Negotiation): Promise<void> {
    try {
      const introduced: InboxMessage = { from: this.id, name: this.#name, ...message };
      await this.#publish(`${this.#room}/${id}`, introduced);
    } catch (error) {
      if (this.#visit) this.#report(error);
      throw error;
    }
  }

  #publish(
    topic: string,
    message: RoomMessage | InboxMessage,
    options?: { keepalive: boolean },
  ): Promise<void> {
    return this.#driver.publish(topic, json.encode(message), options);
  }

  #report(error: unknown): void {
    this.update({ error: error as SignalingError });
  }
}
