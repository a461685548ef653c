import { limitSending, type SendingLimits } from './budget.js';
import { parseChannelMessage, type ChannelMessage, type Negotiation } from './messages.js';
import { Outgoing, type News } from './Outgoing.js';
import { LINES, tracksOf, type SentMedia } from './SentMedia.js';

export interface ConnectionOptions {
  /** Which connection of its pair this is. */
  number: number;
  /** Whether this side makes the offers. */
  offers: boolean;
  configuration: RTCConfiguration | undefined;
  media: SentMedia;
  /** Brings a negotiation to the peer; resolves when the hub, or the channel, has taken it. */
  send(negotiation: Negotiation): Promise<void>;
  /** The state of the connection, or of its channel, has changed. */
  onChange(): void;
  onMessage(message: ChannelMessage): void;
  /** The channel is closed: by the peer, or because the connection broke. */
  onClosed(): void;
  onError(cause: unknown): void;
}

/**
 * One `RTCPeerConnection` and its data channel. One side makes every offer, the other one asks for
 * it: no two offers ever meet, and none is rolled back.
 */
export class Connection {
  readonly number: number;
  readonly rtc: RTCPeerConnection;
  readonly #options: ConnectionOptions;
  readonly #outgoing: Outgoing;
  readonly #channel: RTCDataChannel;
  readonly #person = new MediaStream();
  readonly #screen = new MediaStream();
  #media: SentMedia;
  #limits: SendingLimits | undefined;
  #round = 0;
  #applied = Promise.resolve();

  constructor(options: ConnectionOptions) {
    const { number, configuration, media, onChange, onClosed, onError } = options;
    this.number = number;
    this.#options = options;
    this.#media = media;
    // One transport for everything: fewer candidates, sooner connected.
    this.rtc = new RTCPeerConnection({ bundlePolicy: 'max-bundle', ...configuration });
    this.rtc.addEventListener('connectionstatechange', onChange);
    this.#outgoing = new Outgoing(
      this.rtc,
      (news: News) => options.send({ connection: number, ...news }),
      (error) => this.#closed || onError(error),
    );
    this.#channel = this.rtc.createDataChannel('call', { negotiated: true, id: 0 });
    this.#channel.addEventListener('open', onChange);
    this.#channel.addEventListener('close', () => this.#closed || onClosed());
    this.#channel.addEventListener('message', ({ data }) => {
      const message = parseChannelMessage(data);
      if (message && !this.#closed) options.onMessage(message);
    });
    if (options.offers) this.#begin();
  }

  /** Whether messages can be sent. */
  get open(): boolean {
    return this.#channel.readyState === 'open';
  }

  /** Whether the browser has given up on every path. */
  get failed(): boolean {
    return this.rtc.connectionState === 'failed';
  }

  /** Whether something of the negotiation has not left yet. */
  get sending(): boolean {
    return this.#outgoing.sending;
  }

  /** Offer and answer have been exchanged. */
  get described(): boolean {
    return this.rtc.remoteDescription !== null;
  }

  /** What the peer sends: its camera and microphone, and its screen. */
  get streams(): { camera: MediaStream; screen: MediaStream } {
    return { camera: this.#person, screen: this.#screen };
  }

  /** Sends this from now on, without negotiation. */
  setMedia(media: SentMedia): void {
    this.#media = media;
    if (this.rtc.getTransceivers().length > 0) this.#do(() => this.#replaceTracks());
  }

  /** Sends within these limits from now on. */
  setLimits(limits: SendingLimits): void {
    this.#limits = limits;
    this.#do(() => this.#limitSending());
  }

  /** Looks for a path anew. Media goes on over the old one as long as that holds. */
  restart(configuration: RTCConfiguration | undefined): void {
    if (configuration) this.rtc.setConfiguration({ bundlePolicy: 'max-bundle', ...configuration });
    if (!this.#options.offers) return this.#outgoing.ask('path');
    // Also in place of an offer without an answer: that knows the network of before, or is lost.
    this.#do(() => this.#offer({ iceRestart: true }));
  }

  /** Asks the side that offers for another connection in place of this one. */
  askForAnother(): void {
    this.#outgoing.ask('connection');
  }

  /** Takes in a message of the peer, one after the other. */
  receive({ description, candidates = [], restart }: Negotiation): void {
    const { offers } = this.#options;
    if (description?.type === 'offer' && !offers) this.#do(() => this.#answer(description));
    if (description?.type === 'answer' && offers && description.round === this.#round) {
      this.#do(() => this.#accept(description));
    }
    if (restart === 'path' && offers) this.#do(() => this.#offerAnotherPath());
    for (const candidate of candidates) {
      // One that does not fit belongs to an earlier description.
      this.#do(() => this.rtc.addIceCandidate(candidate).catch(() => {}));
    }
  }

  /** Sends to the peer; nothing where the channel is not open. */
  post(message: ChannelMessage): void {
    if (this.open) this.#channel.send(JSON.stringify(message));
  }

  close(): void {
    this.rtc.close();
    this.#outgoing.close();
  }

  get #closed(): boolean {
    return this.rtc.signalingState === 'closed';
  }

  #begin(): void {
    const person = new MediaStream();
    const screen = new MediaStream();
    const tracks = tracksOf(this.#media);
    for (const [index, kind] of LINES.entries()) {
      // The streams keep sound and picture in step.
      const streams = [index < 2 ? person : screen];
      this.rtc.addTransceiver(tracks[index] ?? kind, { streams });
    }
    this.#do(() => this.#offer());
  }

  async #offerAnotherPath(): Promise<void> {
    // An offer without an answer does: the answer will be of the peer's network of now.
    if (this.rtc.signalingState === 'stable') await this.#offer({ iceRestart: true });
  }

  async #offer(options?: RTCOfferOptions): Promise<void> {
    if (options) await this.rtc.setLocalDescription(await this.rtc.createOffer(options));
    else await this.rtc.setLocalDescription();
    this.#round += 1;
    this.#outgoing.describe(this.#round);
  }

  async #accept({ sdp }: { sdp: string }): Promise<void> {
    // An offer that arrived twice is answered twice.
    if (this.rtc.signalingState !== 'have-local-offer') return;
    await this.rtc.setRemoteDescription({ type: 'answer', sdp });
    this.#collectTracks();
  }

  async #answer({ sdp, round }: { sdp: string; round: number }): Promise<void> {
    const first = !this.described;
    await this.rtc.setRemoteDescription({ type: 'offer', sdp });
    const kinds = this.rtc.getTransceivers().map(({ receiver }) => receiver.track.kind);
    if (String(kinds) !== String(LINES)) throw new TypeError('Not the lines of a call.');
    if (first) {
      const person = new MediaStream();
      const screen = new MediaStream();
      for (const [index, transceiver] of this.rtc.getTransceivers().entries()) {
        transceiver.direction = 'sendrecv';
        transceiver.sender.setStreams(index < 2 ? person : screen);
      }
      await this.#replaceTracks();
    }
    await this.rtc.setLocalDescription();
    this.#outgoing.describe(round);
    this.#collectTracks();
  }

  async #replaceTracks(): Promise<void> {
    const tracks = tracksOf(this.#media);
    const senders = this.rtc.getTransceivers().map(({ sender }) => sender);
    await Promise.all(
      senders.map(async (sender, index) => {
        const track = tracks[index] ?? null;
        if (sender.track !== track) await sender.replaceTrack(track);
      }),
    );
    // How much smaller a picture is sent depends on its size.
    await this.#limitSending();
  }

  async #limitSending(): Promise<void> {
    if (this.#limits) await limitSending(this.rtc, this.#limits);
  }

  #collectTracks(): void {
    for (const [index, { receiver }] of this.rtc.getTransceivers().entries()) {
      (index < 2 ? this.#person : this.#screen).addTrack(receiver.track);
    }
    this.#options.onChange();
  }

  /** One step after the other. */
  #do(step: () => Promise<void>): void {
    this.#applied = this.#applied
      .then(() => (this.#closed ? undefined : step()))
      .catch((cause: unknown) => {
        if (!this.#closed) this.#options.onError(cause);
      });
  }
}
