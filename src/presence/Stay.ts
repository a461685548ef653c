import type { SignalingError, TopicState } from '../driver/index.js';
import { MAX_TIMEOUT } from '../driver/timing.js';
import { validate, type Schema } from '../driver/values.js';
import { Broadcast, type BroadcastOptions } from './Broadcast.js';
import { createId } from './Member.js';
import { parseMessage, type Told } from './messages.js';
import { isHidden } from './pageLife.js';
import { Roster } from './Roster.js';
import { jitter, Schedule, type Turn } from './Schedule.js';

/** How members behave on a topic: what a {@link Stay} takes. */
export interface StayOptions<Data> extends BroadcastOptions {
  /** What the data of the others must fit. Those that do not are not shown. Default: all fit. */
  schema?: Schema<Data> | undefined;
  /**
   * How often a member says that it is still there, in ms: one that fell silent is gone after one
   * and a half of it. A hidden page speaks every 60 seconds at least, for browsers let it do no
   * more. Default: 15,000.
   */
  beat?: number | undefined;
}

/** Whose stay it is. */
export interface StayOwner<Data> {
  /** What it tells about itself now; `null` where it only watches. */
  data(): Data | null;
  /** The ids of all its stays. */
  readonly ownIds: Set<string>;
  /** Who is there, or the state, may be different now. */
  changed(): void;
  /** The same where many such calls may follow each other. */
  heard(): void;
}

/** The default of {@link StayOptions.beat}. */
const BEAT = 15_000;
/** What a hidden page promises, and how much earlier it means to speak: Chromium wakes it once a minute. */
const HIDDEN = { beat: 90_000, slack: 30_000 };
/** A timer that is late by more, in ms, shows that the page slept. */
const SLEPT = { visible: 5_000, hidden: 70_000 };
/** After an outage, everybody asks within this many ms. */
const RETURN_SPREAD = 1_000;

/** One stay on a topic, under an id of its own, from hello to bye: what is said, and what is heard. */
export class Stay<Data extends object> {
  readonly id = createId();
  /** The others. */
  readonly roster = new Roster<Data>();
  readonly #options: StayOptions<Data>;
  readonly #owner: StayOwner<Data>;
  readonly #broadcast: Broadcast;
  readonly #schedule = new Schedule();
  readonly #joinedAt = Date.now();
  #unwatch = (): void => {};
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOpen = false;
  #isSending = false;
  #isOver = false;
  /** What says bye, made before: while a page closes there is no time to seal it. */
  #bye: Uint8Array | undefined;
  #refusal: SignalingError | undefined;
  #otherSecret: SignalingError | undefined;

  constructor(options: StayOptions<Data>, owner: StayOwner<Data>) {
    this.#options = options;
    this.#owner = owner;
    this.#broadcast = new Broadcast(
      'presence',
      options,
      (message) => this.#hear(message),
      (error) => this.#fail(error),
    );
  }

  /** Whether others can be heard, and why not, or why they cannot hear. */
  get state(): TopicState {
    const { status, error = this.#refusal ?? this.#otherSecret } = this.#topicState;
    return { status, error };
  }

  begin(): void {
    const { driver, topic } = this.#options;
    this.#owner.ownIds.add(this.id);
    this.#unwatch = driver.watch(topic, () => this.#look());
    this.#broadcast.open();
    this.#look();
  }

  /** Says bye. */
  end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#unwatch();
    this.#broadcast.close();
    if (this.#bye) this.#broadcast.publish(this.#bye, { keepalive: true }).catch(() => {});
  }

  /** Says soon what has changed. */
  hurry(): void {
    if (this.#owner.data() === null) return;
    this.#schedule.hurry();
    this.#plan();
  }

  /** Looks how the topic is now. */
  #look(): void {
    const wasOpen = this.#isOpen;
    this.#isOpen = this.#topicState.status === 'open';
    if (this.#isOpen && !wasOpen) {
      this.#askAnew(this.#schedule.hasSpoken ? Math.random() * RETURN_SPREAD : 0);
    }
    this.#owner.changed();
    this.#plan();
  }

  /** Nobody could be heard for a while: asks who is there, and takes nobody for gone meanwhile. */
  #askAnew(delay: number): void {
    const now = Date.now();
    this.roster.forgive(now);
    this.#schedule.helloAt(now + delay);
  }

  #hear(value: unknown): void {
    const message = parseMessage(value);
    if (!message || this.#isOwn(message.from)) return;
    this.#otherSecret = undefined;
    const now = Date.now();
    if (message.bye) {
      this.roster.leave(message.from, now);
      this.#schedule.forget(message.from);
    } else {
      for (const told of message.members) this.#believe(told, message.from, now);
    }
    if (message.asks && this.#owner.data() !== null) {
      this.#schedule.heardQuestion(message.from, this.roster.size, now);
    }
    // An answer that leaves this member out was given by somebody who does not know it.
    if (message.members.some(({ id }) => id === this.id)) {
      for (const id of message.to) this.#schedule.forget(id);
    }
    this.#owner.heard();
    this.#plan();
  }

  #believe(told: Told, from: string, now: number): void {
    if (this.#isOwn(told.id)) return;
    const { topic, schema } = this.#options;
    const result = validate(told.data as Data, topic, schema);
    if ('error' in result) return;
    const isFirsthand = told.id === from;
    const silence = isFirsthand ? 0 : told.silence;
    this.roster.hear({ ...told, data: result.value, silence }, isFirsthand, now);
  }

  #isOwn(id: string): boolean {
    return this.#owner.ownIds.has(id);
  }

  #fail(error: SignalingError): void {
    // Anybody can publish what is no message.
    if (error.code !== 'secret') return;
    this.#otherSecret = error;
    this.#owner.changed();
  }

  /** One timer rings for whatever is due first. */
  #plan(): void {
    if (this.#isOver) return;
    clearTimeout(this.#timer);
    const speakAt = this.#isSending ? Infinity : this.#schedule.next;
    const at = this.#isOpen ? Math.min(speakAt, this.roster.nextExpiry) : Infinity;
    if (at === Infinity) return;
    const delay = Math.min(MAX_TIMEOUT, Math.max(0, at - Date.now()));
    const dueAt = Date.now() + delay;
    this.#timer = setTimeout(() => this.#tick(dueAt), delay);
  }

  #tick(dueAt: number): void {
    const now = Date.now();
    const late = Math.abs(now - dueAt);
    if (late > (isHidden() ? SLEPT.hidden : SLEPT.visible)) this.#askAnew(0);
    this.roster.expire(now);
    this.#owner.changed();
    const turn = this.#isSending ? undefined : this.#schedule.take(now);
    if (turn) void this.#send(turn);
    this.#plan();
  }

  /** One message is under way at a time, so that an outage leaves no queue behind. */
  async #send(turn: Turn): Promise<void> {
    const now = Date.now();
    const me = this.#tellSelf(now);
    this.#isSending = true;
    this.#schedule.spoke(now, me ? me.beat - (isHidden() ? HIDDEN.slack : 0) : Infinity);
    try {
      const others = turn.to ? this.roster.tell(now) : [];
      const members = me ? [me, ...others] : [];
      const [bytes, bye] = await Promise.all([
        this.#broadcast.encode({ from: this.id, members, ...turn }),
        me && this.#encodeBye(),
      ]);
      if (this.#isOver) return;
      this.#bye = bye;
      await this.#broadcast.publish(bytes);
      this.#refusal = undefined;
      // Tried again in an outage, the message has come after the bye: one more removes the ghost.
      if (this.#isOver && me) await this.#broadcast.publish(await this.#encodeBye());
    } catch (error) {
      this.#refusal = error as SignalingError;
      if (turn.asks) this.#schedule.helloAt(Date.now() + jitter(BEAT));
    } finally {
      this.#isSending = false;
      this.#owner.changed();
      this.#plan();
    }
  }

  #encodeBye(): Promise<Uint8Array> {
    return this.#broadcast.encode({ from: this.id, bye: true });
  }

  #tellSelf(now: number): Told | undefined {
    const { beat = BEAT } = this.#options;
    const data = this.#owner.data();
    if (data === null) return undefined;
    return {
      id: this.id,
      data,
      age: now - this.#joinedAt,
      silence: 0,
      beat: isHidden() ? Math.max(beat, HIDDEN.beat) : beat,
    };
  }

  get #topicState(): TopicState {
    const { driver, topic } = this.#options;
    return driver.stateOf(topic);
  }
}
