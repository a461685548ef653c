import type { Description, Negotiation } from './messages.js';
import { Outgoing } from './Outgoing.js';
import { randomId } from './randomId.js';
import { sendTracks } from './sendTracks.js';

/**
 * - `connecting`: not connected yet, or again.
 * - `connected`: media can flow.
 * - `disconnected`: the peer is out of reach, perhaps for a moment.
 */
export type PeerState = 'connecting' | 'connected' | 'disconnected';

/** Another one in the room. A snapshot: a change makes a new one. */
export interface Peer {
  readonly id: string;
  readonly name: string;
  /** What they send, with the tracks of now; a change of tracks makes a new one. `null`: nothing. */
  readonly stream: MediaStream | null;
  readonly state: PeerState;
}

export interface PeerLinkOptions {
  /** Who it leads to. */
  id: string;
  name: string;
  /** Whether this side gives way when both offer at once. */
  polite: boolean;
  rtc: RTCConfiguration | undefined;
  tracks: readonly MediaStreamTrack[];
  /** How long the peer may be out of reach, in ms. */
  grace: number;
  /** Brings a message to the peer; resolves when the hub has taken it. */
  send(message: Negotiation): Promise<void>;
  onChange(): void;
  /** The peer has closed its side, or was out of reach for too long. */
  onGone(reason: 'closed' | 'vanished' | 'unreachable'): void;
  onError(cause: unknown): void;
}

/** Candidates are kept for a description that is still to come, but not without end. */
const MAX_EARLY_CANDIDATES = 100;

/** One connection to one peer, negotiated perfectly. */
export class PeerLink {
  /** Names this connection to the peer. */
  readonly id = randomId();
  readonly #options: PeerLinkOptions;
  readonly #connection: RTCPeerConnection;
  readonly #outgoing: Outgoing;
  readonly #group = new MediaStream();
  #peer: Peer;
  #remoteId: string | undefined;
  #graceTimer: ReturnType<typeof setTimeout> | undefined;
  #wasConnected = false;

  #makingOffer = false;
  #ignoringOffer = false;
  #offers = 0;
  #early: RTCIceCandidateInit[] = [];
  #received = Promise.resolve();
  #tracksSent: Promise<void>;

  constructor(options: PeerLinkOptions) {
    const { id, name, rtc, tracks } = options;
    this.#options = options;
    this.#peer = { id, name, stream: null, state: 'connecting' };
    // One transport for everything: fewer candidates, sooner connected.
    this.#connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle', ...rtc });
    this.#connection.onnegotiationneeded = () => void this.#offer();
    this.#connection.onconnectionstatechange = () => this.#watch();
    this.#outgoing = new Outgoing(this.#connection, (news) =>
      options.send({ connection: this.id, to: this.#remoteId, ...news }),
    );

    // Every pair has a channel, whatever media there is: a reason to connect, and word of the
    // peer's leaving that needs no hub.
    const channel = this.#connection.createDataChannel('presence', { negotiated: true, id: 0 });
    channel.addEventListener('close', () => this.#leave('closed'));

    // At once, so that the answer to an offer that is about to be applied carries them.
    this.#tracksSent = sendTracks(this.#connection, tracks, this.#group).catch(this.#fail);
    this.#watch();
  }

  get peer(): Peer {
    return this.#peer;
  }

  rename(name: string): void {
    this.#show({ name });
  }

  /** Sends these tracks from now on. */
  send(tracks: readonly MediaStreamTrack[]): void {
    this.#tracksSent = this.#tracksSent
      .then(() => sendTracks(this.#connection, tracks, this.#group))
      .catch(this.#fail);
  }

  /** Tells the peer one's name. */
  introduce(): void {
    this.#outgoing.name();
  }

  /** The hub or the network was away: says again what may be lost, and looks for another path. */
  mend(): void {
    if (this.#connection.signalingState === 'have-local-offer') this.#outgoing.offer(this.#offers);
    else if (this.#connection.connectionState !== 'connected') this.restart();
  }

  /** Looks for a path anew. Media goes on over the old one as long as that holds. */
  restart(): void {
    this.#connection.restartIce();
  }

  /** Whether the peer speaks from another connection than the one this leads to: it began anew. */
  isOutdatedBy({ connection, to }: Negotiation): boolean {
    return to === undefined && this.#remoteId !== undefined && this.#remoteId !== connection;
  }

  /** Takes in a message of the peer, one after the other. */
  receive(message: Negotiation): void {
    if (message.to !== undefined && message.to !== this.id) return;
    this.#remoteId = message.connection;
    this.#received = this.#received.then(() => this.#apply(message)).catch(this.#fail);
  }

  close(): void {
    clearTimeout(this.#graceTimer);
    this.#connection.close();
    this.#outgoing.close();
  }

  get #closed(): boolean {
    return this.#connection.signalingState === 'closed';
  }

  async #apply({ description, candidates = [] }: Negotiation): Promise<void> {
    if (this.#closed) return;
    if (description?.type === 'offer') await this.#applyOffer(description);
    if (description?.type === 'answer') await this.#applyAnswer(description);
    for (const candidate of candidates) await this.#addCandidate(candidate);
  }

  // The "perfect negotiation" of WebRTC, §10.7 (https://www.w3.org/TR/webrtc/#perfect-negotiation-example).
  // Messages are applied one after the other here, so no answer is ever pending when an offer comes.

  async #offer(): Promise<void> {
    try {
      this.#makingOffer = true;
      await this.#connection.setLocalDescription();
      this.#offers += 1;
      this.#outgoing.offer(this.#offers);
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#makingOffer = false;
    }
  }

  async #applyOffer({ type, sdp, round }: Description): Promise<void> {
    const collision = this.#makingOffer || this.#connection.signalingState !== 'stable';
    this.#ignoringOffer = collision && !this.#options.polite;
    if (this.#ignoringOffer) return;
    await this.#connection.setRemoteDescription({ type, sdp }); // rolls back an offer of ours
    await this.#connection.setLocalDescription();
    this.#outgoing.answer(round);
    await this.#settle();
  }

  async #applyAnswer({ type, sdp, round }: Description): Promise<void> {
    // An offer that was said twice is answered twice.
    if (round !== this.#offers || this.#connection.signalingState !== 'have-local-offer') return;
    this.#ignoringOffer = false;
    await this.#connection.setRemoteDescription({ type, sdp });
    await this.#settle();
  }

  /** Offer and answer are complete. */
  async #settle(): Promise<void> {
    this.#showTracks();
    for (const candidate of this.#early.splice(0)) {
      // What does not fit now either belongs to another description.
      await this.#connection.addIceCandidate(candidate).catch(() => {});
    }
  }

  async #addCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    try {
      await this.#connection.addIceCandidate(candidate);
    } catch {
      // It belongs to an offer that is ignored, or its description is still to come.
      if (this.#ignoringOffer || this.#early.length >= MAX_EARLY_CANDIDATES) return;
      this.#early.push(candidate);
    }
  }

  #watch(): void {
    const state = peerState(this.#connection.connectionState);
    this.#show({ state });
    if (state === 'connected') {
      this.#wasConnected = true;
      clearTimeout(this.#graceTimer);
      this.#graceTimer = undefined;
      return;
    }
    if (this.#connection.connectionState === 'failed') this.restart();
    this.#graceTimer ??= setTimeout(
      () => this.#leave(this.#wasConnected ? 'vanished' : 'unreachable'),
      this.#options.grace,
    );
  }

  #showTracks(): void {
    const tracks = this.#connection
      .getTransceivers()
      .filter(({ currentDirection }) => currentDirection?.includes('recv'))
      .map(({ receiver }) => receiver.track);
    const shown = this.#peer.stream?.getTracks() ?? [];
    if (tracks.length === shown.length && tracks.every((track) => shown.includes(track))) return;
    this.#show({ stream: tracks.length > 0 ? new MediaStream(tracks) : null });
  }

  #show(change: Partial<Peer>): void {
    const { name, stream, state } = this.#peer;
    const next = { ...this.#peer, ...change };
    if (next.name === name && next.stream === stream && next.state === state) return;
    this.#peer = next;
    this.#options.onChange();
  }

  #leave(reason: 'closed' | 'vanished' | 'unreachable'): void {
    if (!this.#closed) this.#options.onGone(reason);
  }

  readonly #fail = (cause: unknown): void => {
    if (!this.#closed) this.#options.onError(cause);
  };
}

function peerState(state: RTCPeerConnectionState): PeerState {
  if (state === 'connected') return state;
  return state === 'new' || state === 'connecting' ? 'connecting' : 'disconnected';
}
