import { encodeText, text } from '../driver/codec.js';
import type { ByteArray, Driver, SignalHandler } from '../driver/index.js';
import { Identity, verify, type SignedText } from './Identity.js';
import {
  isId,
  parseHubMessage,
  parseObject,
  type Full,
  type HubMessage,
  type PeerMessage,
} from './messages.js';
import { Seal } from './Seal.js';

/** Who signed a message. */
export interface Sender {
  readonly id: string;
  /** When they entered, by their clock, in ms since the epoch. */
  readonly since: number;
}

/** What came from another one, with the proof that it is theirs. */
export interface Letter {
  readonly from: Sender;
  /** Grows with everything they publish: what is not newer was heard before. */
  readonly count: number;
  readonly message: HubMessage;
}

export interface SignalingOptions {
  driver: Driver;
  room: string;
  secret: string | undefined;
  /** Whether updates are private (Mercure, "Authorization"). */
  private: boolean;
  /** Ends it. */
  signal: AbortSignal;
  onLetter(letter: Letter): void;
  /** Others are in the room with another secret. */
  onOtherSecret(): void;
}

/** Longer than any offer. */
const MAX_BYTES = 128 * 1024;
/** How many messages may wait to be verified: to everybody, and to us. */
const MAX_BACKLOG = { room: 100, inbox: 100 };

/**
 * What the call says over the hub: signed, bound to the room and the receiver, and with a secret
 * sealed. What is not proven to be of a call is dropped without a word.
 */
export class Signaling {
  readonly #options: SignalingOptions;
  readonly #identity: Identity;
  readonly #seal: Seal | undefined;
  readonly #backlog = { room: 0, inbox: 0 };
  #since = Infinity;
  #count = 0;
  #reading: Promise<void> = Promise.resolve();

  private constructor(options: SignalingOptions, identity: Identity, seal: Seal | undefined) {
    this.#options = options;
    this.#identity = identity;
    this.#seal = seal;
  }

  /** Makes the keys. Nothing is opened yet. */
  static async create(options: SignalingOptions): Promise<Signaling> {
    const { secret, room } = options;
    const [identity, seal] = await Promise.all([
      Identity.create(),
      secret === undefined ? undefined : Seal.create(secret, room),
    ]);
    return new Signaling(options, identity, seal);
  }

  /** How the others see who this is. */
  get self(): Sender {
    return { id: this.#identity.id, since: this.#since };
  }

  /** Resolves when the hub has accepted the topics, and rejects where it refuses one. */
  async open(): Promise<void> {
    const { driver, room, signal } = this.#options;
    const topics = [this.#roomTopic, this.#inboxTopic(this.self.id)];
    // Where those meet who have another secret.
    if (this.#seal) topics.push(room);
    const handler: SignalHandler = (bytes) => this.#take(bytes);
    signal.addEventListener('abort', () => void driver.unsubscribe(topics, handler));
    await driver.subscribe(topics, handler);
    this.#since = Date.now();
  }

  /** Says to everybody that one is here, and whom one has heard. */
  hello(heard: readonly string[]): Promise<void> {
    return this.#publish({ type: 'hello', heard });
  }

  tell(id: string, message: PeerMessage | Full): Promise<void> {
    return this.#publish(message, id);
  }

  /** Shows those with another secret that theirs is another one. */
  async knock(): Promise<void> {
    const { driver, room } = this.#options;
    if (!this.#seal) return;
    await driver.publish(room, encodeText(JSON.stringify({ knock: this.#seal.tag })));
  }

  // Of one segment below the room, so that a token for `room` and `room/{id}` covers all.

  get #roomTopic(): string {
    const { room } = this.#options;
    return this.#seal ? `${room}/${this.#seal.tag}` : room;
  }

  #inboxTopic(id: string): string {
    const { room } = this.#options;
    return this.#seal ? `${room}/${this.#seal.tag}.${id}` : `${room}/${id}`;
  }

  async #publish(message: HubMessage, to?: string): Promise<void> {
    const { driver, private: isPrivate } = this.#options;
    const topic = to === undefined ? this.#roomTopic : this.#inboxTopic(to);
    await driver.publish(topic, this.#write(message, to), { private: isPrivate });
  }

  async #write(message: HubMessage, to: string | undefined): Promise<Uint8Array> {
    const context = this.#context(to);
    this.#count += 1;
    const body = JSON.stringify({ since: this.#since, count: this.#count, ...message });
    const signed = await this.#identity.sign(body, context);
    const envelope = this.#seal
      ? { to, sealed: await this.#seal.close(JSON.stringify(signed), context) }
      : { to, signed };
    return encodeText(JSON.stringify(envelope));
  }

  #take(bytes: ByteArray): void {
    const envelope = bytes.length <= MAX_BYTES ? readEnvelope(bytes) : undefined;
    if (!envelope) return;
    const { to, knock } = envelope;
    if (this.#seal && typeof knock === 'string' && knock !== this.#seal.tag) {
      this.#options.onOtherSecret();
    }
    if (to !== undefined && to !== this.self.id) return;
    // A flood to everybody leaves room for what is for us.
    const lane = to === undefined ? 'room' : 'inbox';
    if (this.#backlog[lane] >= MAX_BACKLOG[lane]) return;
    this.#backlog[lane] += 1;
    this.#reading = this.#reading
      .then(() => this.#read(envelope, to))
      .catch(() => {}) // sealed with another secret
      .finally(() => (this.#backlog[lane] -= 1));
  }

  async #read({ signed, sealed }: Record<string, unknown>, to: string | undefined): Promise<void> {
    const context = this.#context(to);
    const proven = this.#seal
      ? parseObject(await this.#seal.open(String(sealed), context))
      : signed;
    if (!isSigned(proven)) return;
    const id = await verify(proven, context);
    const { since, count } = parseObject(proven.text) ?? {};
    const message = parseHubMessage(proven.text);
    if (id === undefined || id === this.self.id || !message) return;
    if (typeof since !== 'number' || typeof count !== 'number') return;
    // A hello is for everybody, the rest is for one.
    if ((message.type === 'hello') !== (to === undefined)) return;
    if (!this.#options.signal.aborted)
      this.#options.onLetter({ from: { id, since }, count, message });
  }

  /** What every message is bound to. */
  #context(to = ''): string {
    return `react-signaling call\n${this.#options.room}\n${to}`;
  }
}

function readEnvelope(
  bytes: ByteArray,
): (Record<string, unknown> & { to: string | undefined }) | undefined {
  try {
    const envelope = parseObject(text.decode(bytes));
    const to = envelope?.to;
    if (!envelope || !(to === undefined || isId(to))) return undefined;
    return { ...envelope, to };
  } catch {
    return undefined; // no UTF-8
  }
}

function isSigned(value: unknown): value is SignedText {
  const { key, text, signature } = (value ?? {}) as Record<string, unknown>;
  return typeof key === 'string' && typeof text === 'string' && typeof signature === 'string';
}
