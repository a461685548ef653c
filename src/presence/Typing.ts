import { Store } from '../driver/Store.js';
import { Broadcast, type BroadcastOptions } from './Broadcast.js';
import { createId, isData, isId, assertData, type Member } from './Member.js';
import { onPage } from './pageLife.js';

/** Options of {@link Typing}. */
export interface TypingOptions<Data> extends BroadcastOptions {
  /** What the others see of who types, at most 4,096 bytes of JSON; `null` only watches. */
  me: Data | null;
}

/** Who types. A snapshot: a change makes a new one. */
export interface TypingState<Data> {
  /** The others who are typing, the first to begin first. The same list until it changes. */
  readonly typing: readonly Member<Data>[];
}

/** Who goes on typing says so at most so often, in ms. */
const REPEAT = 3_000;
/** Who has not said so for this long, in ms, does not type any more. */
const PATIENCE = 6_000;
/** More than this many are not shown. */
const MAX_TYPING = 100;

/**
 * Who types on a topic, in plain signals: one when somebody begins, and then one every three seconds
 * while they go on. It ends by itself six seconds after the last one, or with `stop()`.
 */
export class Typing<Data extends object> extends Store<TypingState<Data>> {
  readonly #options: TypingOptions<Data>;
  readonly #broadcast: Broadcast;
  readonly #id = createId();
  readonly #ends = new Map<string, ReturnType<typeof setTimeout>>();
  #leavePage: (() => void) | undefined;
  #saidAt = -Infinity;
  #isSaying = false;

  constructor(options: TypingOptions<Data>) {
    super({ typing: [] });
    this.#options = options;
    this.#broadcast = new Broadcast('typing', options, (message) => this.#hear(message));
  }

  /** Begins to listen. */
  open(): void {
    if (this.#leavePage) return;
    this.#leavePage = onPage({ leave: () => this.#stop(true), enter() {}, turn() {} });
    this.#broadcast.open();
  }

  /** Ends typing and listening. */
  close(): void {
    this.#stop(true);
    this.#leavePage?.();
    this.#leavePage = undefined;
    this.#broadcast.close();
    for (const id of this.#ends.keys()) this.#end(id);
  }

  /**
   * This member types: call it for every key. It is published when they begin, and again every three
   * seconds.
   *
   * @throws {@link SignalingError} `usage` where `me` is no object or too large.
   */
  notify(): void {
    const { me } = this.#options;
    if (me === null) return;
    assertData(me);
    // One at a time, so that an outage leaves no queue behind.
    if (this.#isSaying || Date.now() - this.#saidAt < REPEAT) return;
    this.#saidAt = Date.now();
    this.#isSaying = true;
    void this.#say({ data: me }).finally(() => (this.#isSaying = false));
  }

  /** This member has sent its message, or cleared it. */
  stop(): void {
    this.#stop(false);
  }

  #stop(keepalive: boolean): void {
    if (Date.now() - this.#saidAt < PATIENCE) void this.#say({ stops: true }, keepalive);
    this.#saidAt = -Infinity;
  }

  /** Typing ends by itself, so an error is not reported. */
  async #say(fields: { data: Data } | { stops: true }, keepalive = false): Promise<void> {
    try {
      const bytes = await this.#broadcast.encode({ from: this.#id, ...fields });
      await this.#broadcast.publish(bytes, { keepalive });
    } catch {}
  }

  #hear(message: unknown): void {
    const { from, data, stops } = (message ?? {}) as Record<string, unknown>;
    if (!isId(from) || from === this.#id) return;
    if (stops === true) return this.#end(from);
    const isKnown = this.#ends.has(from);
    if (!isData(data) || (!isKnown && this.#ends.size >= MAX_TYPING)) return;
    clearTimeout(this.#ends.get(from));
    this.#ends.set(
      from,
      setTimeout(() => this.#end(from), PATIENCE),
    );
    if (isKnown) return;
    this.update({ typing: [...this.state.typing, { id: from, data: data as Data }] });
  }

  #end(id: string): void {
    clearTimeout(this.#ends.get(id));
    if (!this.#ends.delete(id)) return;
    this.update({ typing: this.state.typing.filter((member) => member.id !== id) });
  }
}
