import { SignalingError, type Driver } from '../driver/index.js';
import { listenTo } from '../driver/listenTo.js';
import { limitsFor, type SendingLimits } from './budget.js';
import { Greeter } from './Greeter.js';
import type { Hello, PeerMessage, PeerStatus } from './messages.js';
import type { Peer } from './Peer.js';
import { PeerLink, type Departure } from './PeerLink.js';
import type { SentMedia } from './SentMedia.js';
import { Signaling, type Letter, type Sender } from './Signaling.js';

/** How often links beat and are looked after, in ms. */
const TICK = 1_000;
/** A tick that comes so late shows that the page was frozen, in ms. */
const SLEPT = 3_000;
/** How many may be in the making at once for those who may not even be there, and in all. */
const MAX_UNPROVEN = 8;
const MAX_OPENING = 16;
/** How old one in the making must be before another one may take its place, in ms. */
const MIN_OPENING = 3_000;
/** How long somebody who was lost is looked for more often, in ms. */
const MISSED = 180_000;
/** Two that entered within so long of each other have each heard the other, in ms. */
const TOGETHER = 1_000;
/** Those with another secret are answered so often at most, in ms. */
const KNOCK = 1_000;
/** Those for whom there is no place are answered so often at most, in ms. */
const REFUSAL = 5_000;
/** One for whom there is no place says hello less often for so long, in ms. */
const REFUSED = 60_000;

export interface VisitOptions {
  driver: Driver;
  room: string;
  secret: string | undefined;
  private: boolean;
  grace: number;
  maxPeers: number;
  budget(): number;
  configuration(): Promise<RTCConfiguration | undefined>;
  media(): SentMedia;
  status(): PeerStatus;
  onPeers(peers: readonly Peer[]): void;
  onMessage(peer: Peer, channel: string, body: unknown): void;
  onUnreachable(name: string): void;
  onNegotiationError(name: string, cause: unknown): void;
  onHubError(error: unknown): void;
  /** The hub has taken a hello. */
  onHubTakes(): void;
  onOtherSecret(): void;
  /** There is no place for us, or for somebody else. */
  onFull(): void;
}

/**
 * One stay in a room, under an identity of its own: who is there, and a link to each of them. The
 * hub introduces; what a link knows of its peer beats what the hub says.
 */
export class Visit {
  readonly #options: VisitOptions;
  readonly #controller = new AbortController();
  readonly #links = new Map<string, PeerLink>();
  readonly #greeter: Greeter;
  #signaling: Signaling | undefined;
  #limits: SendingLimits;
  #tickAt = 0;
  #number = 0;
  #missedUntil = 0;
  #knockedAt = -Infinity;
  #refusedAt = -Infinity;
  #refusedUntil = 0;

  constructor(options: VisitOptions) {
    this.#options = options;
    this.#limits = limitsFor(options.budget(), 0, false);
    this.#greeter = new Greeter({
      greet: (heard) => this.#greet(heard),
      missing: (ids) => ids.filter((id) => !this.#links.has(id)),
      restless: () => this.#isRestless,
    });
  }

  get ended(): boolean {
    return this.#controller.signal.aborted;
  }

  /** Makes an identity and returns its id. */
  async prepare(): Promise<string> {
    const { driver, room, secret } = this.#options;
    this.#signaling = await Signaling.create({
      driver,
      room,
      secret,
      private: this.#options.private,
      signal: this.#controller.signal,
      onLetter: (letter) => this.#hear(letter),
      onOtherSecret: () => this.#hearOtherSecret(),
    });
    return this.#signaling.self.id;
  }

  /** Enters the room. Rejects where the hub refuses it. */
  async enter(): Promise<void> {
    await this.#signaling!.open();
    if (this.ended) return;
    const { driver } = this.#options;
    const { signal } = this.#controller;
    const greet = (): void => this.#greeter.start();
    driver.on('active', greet);
    signal.addEventListener('abort', () => driver.off('active', greet));
    const endPageEvents = listenTo(window, {
      online: () => this.#each((link) => link.restart()),
      pagehide: () => this.#closeLinks(),
      pageshow: (event) => (event as PageTransitionEvent).persisted && greet(),
    });
    signal.addEventListener('abort', endPageEvents);
    this.#tickAt = Date.now();
    const timer = setInterval(() => this.#tick(), TICK);
    signal.addEventListener('abort', () => clearInterval(timer));
    greet();
  }

  /** Says bye and closes everything. */
  end(): void {
    this.#controller.abort();
    this.#greeter.stop();
    this.#closeLinks();
  }

  setMedia(): void {
    this.#each((link) => link.setMedia());
    this.setLimits();
  }

  /** Shares the budget anew, where what it depends on has changed. */
  setLimits(): void {
    const limits = limitsFor(this.#options.budget(), this.#company, this.#options.status().screen);
    if (JSON.stringify(limits) === JSON.stringify(this.#limits)) return;
    this.#limits = limits;
    this.#each((link) => link.setLimits());
  }

  shareStatus(): void {
    this.#each((link) => link.shareStatus());
  }

  send(channel: string, body: unknown, to: string | undefined): void {
    this.#each((link) => (to === undefined || to === link.id) && link.send(channel, body));
  }

  connection(id: string): RTCPeerConnection | undefined {
    return this.#links.get(id)?.rtc;
  }

  /** How many are connected. */
  get #company(): number {
    return [...this.#links.values()].filter(({ up }) => up).length;
  }

  /** Whether somebody may be there who is not found. */
  get #isRestless(): boolean {
    const now = Date.now();
    return now < this.#missedUntil || (this.#company === 0 && now > this.#refusedUntil);
  }

  #each(act: (link: PeerLink) => void): void {
    for (const link of [...this.#links.values()]) act(link);
  }

  #tick(): void {
    const now = Date.now();
    const slept = now - this.#tickAt > SLEPT;
    this.#tickAt = now;
    this.#each((link) => link.tick(now, slept));
    if (slept) this.#greeter.start();
  }

  #hear({ from, count, message }: Letter): void {
    if (message.type === 'hello') this.#hearHello(from, message);
    else if (message.type === 'negotiation') this.#hearNegotiation(from, count, message);
    else this.#hearFull();
  }

  #hearHello(from: Sender, { heard }: Hello): void {
    if (this.#links.has(from.id)) return;
    const { id, since } = this.#signaling!.self;
    if (this.#isFull) return this.#refuse(from.id);
    const together = Math.abs(since - from.since) < TOGETHER;
    if (!this.#offersTo(from)) return this.#greeter.answer(from.id, together);
    // Who names us has heard us, and so is there.
    const proven = heard.includes(id);
    if (this.#makeRoom(proven)) this.#open(from);
    else if (!proven) this.#greeter.answer(from.id, together);
  }

  #hearNegotiation(from: Sender, count: number, message: PeerMessage): void {
    const isOffer = message.description?.type === 'offer' && !this.#offersTo(from);
    let link = this.#links.get(from.id);
    if (!link && isOffer && this.#makeRoom(true)) link = this.#open(from);
    link?.receive(message, count);
  }

  /** Anybody may say so: those who are in the call do not believe it. */
  #hearFull(): void {
    if (this.#company > 0) return;
    this.#refusedUntil = Date.now() + REFUSED;
    this.#options.onFull();
  }

  #refuse(id: string): void {
    if (Date.now() - this.#refusedAt < REFUSAL) return;
    this.#refusedAt = Date.now();
    this.#options.onFull();
    void this.#signaling!.tell(id, { type: 'full' }).catch(() => {}); // the next hello is answered
  }

  /** Who entered first makes the offers. Both ends agree on it, also where their clocks do not. */
  #offersTo(peer: Sender): boolean {
    const { id, since } = this.#signaling!.self;
    return since === peer.since ? id < peer.id : since < peer.since;
  }

  /** Those who were never connected. */
  get #opening(): PeerLink[] {
    return [...this.#links.values()].filter(({ peer, up }) => !up && !isKnown(peer));
  }

  /** Whether as many are known as there may be. */
  get #isFull(): boolean {
    return this.#links.size - this.#opening.length >= this.#options.maxPeers;
  }

  /** Whether there is room for one more. Those who are there stay. */
  #makeRoom(proven: boolean): boolean {
    if (this.#isFull) return false;
    const opening = this.#opening;
    if (!proven) return opening.length < MAX_UNPROVEN;
    if (opening.length < MAX_OPENING) return true;
    const [oldest] = opening;
    if (!oldest || Date.now() - oldest.since < MIN_OPENING) return false;
    this.#remove(oldest.id);
    return true;
  }

  #open(peer: Sender): PeerLink {
    const { id } = peer;
    const { driver, grace, configuration, media, status, onMessage } = this.#options;
    const link: PeerLink = new PeerLink({
      id,
      offers: this.#offersTo(peer),
      grace,
      configuration,
      media,
      limits: () => this.#limits,
      status,
      nextNumber: () => ++this.#number,
      hubActive: () => driver.active,
      tell: (message) => this.#signaling!.tell(id, message),
      onChange: () => this.#showPeers(),
      onMessage: (channel, body) => link.peer && onMessage(link.peer, channel, body),
      onGone: (reason) => this.#lose(link, reason),
      onError: (cause) => this.#fail(link, cause),
    });
    this.#links.set(id, link);
    return link;
  }

  #fail(link: PeerLink, cause: unknown): void {
    if (cause instanceof SignalingError) this.#options.onHubError(cause);
    // Anybody can send what no browser takes: of those who were never shown it is not reported.
    else if (link.peer) this.#options.onNegotiationError(link.peer.name, cause);
    if (!link.up) this.#lose(link, 'lost');
  }

  #lose(link: PeerLink, reason: Departure): void {
    if (this.#links.get(link.id) !== link) return;
    if (reason === 'unreachable' && link.peer) this.#options.onUnreachable(link.peer.name);
    // Somebody may wait for this place.
    if (this.#isFull) this.#greeter.disturb();
    this.#remove(link.id);
    // Somebody who never answered may not exist, and is not looked for.
    if (reason === 'closed' || !link.peer) return;
    this.#missedUntil = Date.now() + MISSED;
    this.#greeter.disturb();
  }

  #remove(id: string): void {
    this.#links.get(id)?.close();
    this.#links.delete(id);
    this.#showPeers();
  }

  #closeLinks(): void {
    this.#each((link) => link.close());
    this.#links.clear();
    this.#showPeers();
  }

  #showPeers(): void {
    this.setLimits();
    this.#options.onPeers([...this.#links.values()].flatMap(({ peer }) => peer ?? []));
  }

  async #greet(heard: readonly string[]): Promise<void> {
    try {
      await this.#signaling!.hello(heard);
      if (!this.ended) this.#options.onHubTakes();
      // Those with another secret hear nothing else.
      if (this.#company === 0) await this.#knock();
    } catch (error) {
      if (!this.ended) this.#options.onHubError(error);
    }
  }

  #hearOtherSecret(): void {
    if (this.#company === 0) this.#options.onOtherSecret();
    void this.#knock().catch(() => {}); // the next one comes when they knock again
  }

  async #knock(): Promise<void> {
    if (Date.now() - this.#knockedAt < KNOCK) return;
    this.#knockedAt = Date.now();
    await this.#signaling!.knock();
  }
}

/** Whether it was connected once. */
function isKnown(peer: Peer | undefined): boolean {
  return peer !== undefined && peer.state !== 'connecting';
}
