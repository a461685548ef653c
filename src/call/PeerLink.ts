import type { SendingLimits } from './budget.js';
import { Connection } from './Connection.js';
import { Mailbox } from './Mailbox.js';
import type { ChannelMessage, Negotiation, PeerMessage, PeerStatus } from './messages.js';
import type { Peer, PeerState } from './Peer.js';
import type { SentMedia } from './SentMedia.js';

/** How long a peer may be silent before it counts as out of reach, in ms. It beats every second. */
const SILENCE = 4_500;
/**
 * How long a peer out of reach may take to answer over the hub, in ms, before it counts as gone: its
 * tab may be closed without a word.
 */
const ABSENCE = 5_000;
/**
 * How long an attempt to connect may take before the next one, in ms: without an answer, and with
 * one, when the browser looks for a path. The next ones may take longer: the machine may be slow.
 */
const PATIENCE = { unanswered: 6_000, answered: 12_000, growth: 1.5 };
/** The side that answers waits so many times longer, for the other one to begin anew. */
const ANSWERER_PATIENCE = 3;
/** How many attempts make a peer unreachable. */
const ATTEMPTS = 3;

/**
 * - `closed`: it said bye.
 * - `lost`: its side is closed without a word, or it was out of reach for too long.
 * - `unreachable`: no path to it was ever found.
 */
export type Departure = 'closed' | 'lost' | 'unreachable';

export interface PeerLinkOptions {
  id: string;
  /** Whether this side makes the offers. */
  offers: boolean;
  /** How long it may be out of reach before it is gone, in ms. */
  grace: number;
  /** How to connect, asked for anew for each attempt. */
  configuration(): Promise<RTCConfiguration | undefined>;
  media(): SentMedia;
  /** How much is sent to it. */
  limits(): SendingLimits;
  /** What one shows of oneself. */
  status(): PeerStatus;
  /** Numbers the next connection. */
  nextNumber(): number;
  /** Whether the hub can be reached: no attempt begins while it cannot. */
  hubActive(): boolean;
  /** Brings a message to the peer over the hub; resolves when the hub has taken it. */
  tell(message: PeerMessage): Promise<void>;
  onChange(): void;
  onMessage(channel: string, body: unknown): void;
  onGone(reason: Departure): void;
  onError(cause: unknown): void;
}

/**
 * The way to one peer: connects, notices when it is down, looks for another path, begins anew, and
 * gives up. Once it is up, everything goes over its data channel.
 */
export class PeerLink {
  readonly id: string;
  /** When it began, in ms. */
  readonly since = Date.now();
  readonly #options: PeerLinkOptions;
  readonly #mailbox = new Mailbox();
  #connection: Connection | undefined;
  #closed = false;
  #stage: PeerState = 'connecting';
  #status: PeerStatus | undefined;
  #name = '';
  #peer: Peer | undefined;

  #attempts = 0;
  #attemptAt = this.since;
  #heardAt = this.since;
  #downAt = this.since;
  #restarted = false;
  /** Whether anything came over the hub since the path is down. */
  #answered = false;
  #count = 0;
  #steps: Promise<void> = Promise.resolve();

  constructor(options: PeerLinkOptions) {
    this.id = options.id;
    this.#options = options;
    if (options.offers) this.#beginAnew();
  }

  /** How it is shown; `undefined` until it has answered. */
  get peer(): Peer | undefined {
    return this.#peer;
  }

  get up(): boolean {
    return this.#stage === 'connected';
  }

  get rtc(): RTCPeerConnection | undefined {
    return this.#connection?.rtc;
  }

  /** Takes in a message that came over the hub, unless it is a repetition: `count` grows. */
  receive(message: PeerMessage, count: number): void {
    if (count <= this.#count) return;
    this.#count = count;
    this.#name = message.name;
    this.#answered = true;
    this.#negotiate(message);
  }

  /** Called every second. @param slept Whether the page was frozen meanwhile. */
  tick(now: number, slept: boolean): void {
    // Nothing that happened meanwhile was heard: what counts is what comes now.
    if (slept) this.#heardAt = this.#attemptAt = this.#downAt = now;
    this.#post({ type: 'beat', received: this.#mailbox.received });
    if (!this.up) this.#retry(now);
    else if (now - this.#heardAt > SILENCE) this.#goDown(now);
  }

  /** The network may have changed: looks for another path. */
  restart(): void {
    this.#do(async () => {
      const configuration = await this.#options.configuration();
      this.#connection?.restart(configuration);
    });
  }

  setMedia(): void {
    this.#connection?.setMedia(this.#options.media());
    this.shareStatus();
  }

  /** The limits of what is sent have changed. */
  setLimits(): void {
    if (this.up) this.#connection?.setLimits(this.#options.limits());
  }

  /** Shows the peer what has changed. */
  shareStatus(): void {
    this.#post({ type: 'status', ...this.#options.status() });
  }

  /** Sends a message, in order; it is kept until the peer has it. */
  send(channel: string, body: unknown): void {
    const message = this.#mailbox.keep(channel, body);
    if (this.up) this.#post(message);
  }

  /** Says bye, where the peer can hear it. */
  close(): void {
    this.#closed = true;
    this.#post({ type: 'bye' });
    this.#connection?.close();
  }

  #retry(now: number): void {
    const { offers, grace } = this.#options;
    if (this.#stage === 'disconnected') {
      if (now - this.#downAt > grace) return this.#leave('lost');
      // The path holds, so it is the page that stands still or is slow: another path is no help.
      if (this.rtc?.connectionState === 'connected') {
        this.#attemptAt = now;
        return;
      }
      // A path that is down for a moment comes back by itself.
      if (!this.#restarted && now - this.#heardAt > SILENCE) {
        this.#restarted = true;
        this.#attemptAt = now;
        return this.restart();
      }
    }
    // What still waits for the hub is no failed attempt.
    if (this.#connection?.sending || !this.#options.hubActive()) {
      this.#attemptAt = now;
      return;
    }
    const absent = this.#restarted && !this.#answered;
    if (absent && now - this.#attemptAt > ABSENCE) return this.#leave('lost');
    const failed = offers && this.#connection?.failed;
    if (!failed && now - this.#attemptAt < this.#patience) return;
    if (this.#stage === 'connecting' && (!offers || this.#attempts >= ATTEMPTS)) {
      return this.#leave('unreachable');
    }
    if (offers) this.#beginAnew();
  }

  get #patience(): number {
    const { unanswered, answered, growth } = PATIENCE;
    if (!this.#options.offers) return answered * ANSWERER_PATIENCE;
    // A connection that was up once has been answered, but not its new path.
    const isAnswered = this.#stage === 'connecting' && this.#connection?.described;
    return (isAnswered ? answered : unanswered) * growth ** Math.max(0, this.#attempts - 1);
  }

  /** Makes a new connection in place of an earlier one. */
  #beginAnew(): void {
    this.#attempts += 1;
    this.#attemptAt = Date.now();
    this.#do(() => this.#connect(this.#options.nextNumber()));
  }

  async #connect(number: number): Promise<void> {
    const configuration = await this.#options.configuration();
    if (this.#closed) return;
    const { offers, onError } = this.#options;
    this.#connection?.close();
    this.#attemptAt = Date.now();
    const connection: Connection = new Connection({
      number,
      offers,
      configuration,
      media: this.#options.media(),
      send: (negotiation) => this.#tell(negotiation),
      onChange: () => this.#watch(connection),
      onMessage: (message) => this.#hear(message),
      onClosed: () => this.#endChannel(connection),
      onError,
    });
    this.#connection = connection;
  }

  #negotiate(message: Negotiation): void {
    this.#do(async () => {
      if (message.connection !== this.#connection?.number) {
        // For another connection than this one: only the side that offers begins one.
        if (this.#options.offers || message.description?.type !== 'offer') return;
        await this.#connect(message.connection);
      }
      if (message.restart !== 'connection') this.#connection?.receive(message);
      else if (this.#options.offers) this.#replace();
    });
  }

  /** The page of the peer has gone, or the connection broke. Browsers close the channel for both. */
  #endChannel(connection: Connection): void {
    if (!connection.failed) return this.#leave('lost');
    if (this.#options.offers) return this.#replace();
    this.#breakDown();
    connection.askForAnother();
  }

  /** No other path mends this connection, only another one in its place. */
  #replace(): void {
    this.#breakDown();
    this.#beginAnew();
  }

  #breakDown(): void {
    if (this.up) this.#goDown(Date.now());
    this.#restarted = true;
  }

  async #tell(negotiation: Negotiation): Promise<void> {
    if (this.up) return this.#post({ type: 'negotiation', ...negotiation });
    const { name } = this.#options.status();
    await this.#options.tell({ type: 'negotiation', name, ...negotiation });
    this.#attemptAt = Date.now();
  }

  #watch(connection: Connection): void {
    if (this.#closed || connection !== this.#connection) return;
    const { connectionState } = connection.rtc;
    if (connection.open && connectionState === 'connected') this.#goUp();
    else if (this.up && connectionState !== 'connected') this.#goDown(Date.now());
    this.#show();
  }

  #goUp(): void {
    this.#heardAt = Date.now();
    if (this.up) return;
    this.#stage = 'connected';
    this.#restarted = false;
    this.#attempts = 0;
    this.setLimits();
    this.shareStatus();
    for (const message of this.#mailbox.kept) this.#post(message);
  }

  #goDown(now: number): void {
    this.#stage = 'disconnected';
    this.#answered = false;
    this.#downAt = this.#attemptAt = now;
    this.#show();
  }

  #hear(message: ChannelMessage): void {
    this.#heardAt = Date.now();
    if (this.#stage === 'disconnected' && this.#connection) this.#watch(this.#connection);
    switch (message.type) {
      case 'status':
        this.#status = message;
        return this.#show();
      case 'negotiation':
        return this.#negotiate(message);
      case 'message':
        if (this.#mailbox.take(message)) this.#options.onMessage(message.channel, message.body);
        return;
      case 'beat':
        return this.#mailbox.forget(message.received);
      case 'bye':
        return this.#leave('closed');
    }
  }

  #post(message: ChannelMessage): void {
    this.#connection?.post(message);
  }

  #show(): void {
    if (!this.#peer && !this.#connection?.described) return;
    this.#peer = this.#snapshot();
    this.#options.onChange();
  }

  #snapshot(): Peer {
    const status = this.#status;
    const streams = this.#connection?.streams;
    return {
      id: this.id,
      name: status?.name ?? this.#name,
      data: status?.data,
      state: this.#stage,
      camera: (status && streams?.camera) ?? null,
      screen: (status?.screen && streams?.screen) || null,
      muted: { camera: !status?.camera, microphone: !status?.microphone },
    };
  }

  #leave(reason: Departure): void {
    if (this.#closed) return;
    this.#options.onGone(reason);
  }

  /** One step after the other. */
  #do(step: () => Promise<void>): void {
    this.#steps = this.#steps
      .then(() => (this.#closed ? undefined : step()))
      .catch((cause: unknown) => {
        if (!this.#closed) this.#options.onError(cause);
      });
  }
}
