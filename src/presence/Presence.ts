import type { SignalingError, Status } from '../driver/index.js';
import { Store } from '../driver/Store.js';
import { assertTopic } from '../driver/topics.js';
import { assertData, type Member } from './Member.js';
import { onPage } from './pageLife.js';
import { Stay, type StayOptions } from './Stay.js';

/** Options of {@link Presence}. */
export interface PresenceOptions<Data> extends StayOptions<Data> {
  /** What the others see of this member, at most 4,096 bytes of JSON; `null` only watches. */
  me: Data | null;
  /**
   * The key of a user: members with the same one, such as the tabs of one person, are shown once,
   * and not at all where it is one's own. Default: every member is shown.
   */
  by?: ((member: Member<Data>) => unknown) | undefined;
}

/** Who is there. A snapshot: a change makes a new one. */
export interface PresenceState<Data> {
  /** This member; `undefined` where it only watches, or has not joined. */
  readonly self: Member<Data> | undefined;
  /** Everybody else, the first to join first. The same list until one of them changes. */
  readonly others: readonly Member<Data>[];
  /** Whether members can be heard. While they cannot, nobody is taken for gone. */
  readonly status: Status;
  /**
   * Why members cannot be heard, why the hub refuses what this member says, or `secret`: some
   * member has another secret.
   */
  readonly error: SignalingError | undefined;
}

/** The state of who has not joined. */
const OUTSIDE: PresenceState<never> = {
  self: undefined,
  others: [],
  status: 'idle',
  error: undefined,
};
/** What was heard is shown at most so often, in ms: once a frame. */
const FRAME = 16;

/**
 * Who is on a topic, told by the members themselves in plain signals, on any hub.
 *
 * A member says hello when it joins, and one of the others answers for all: who answers waits a
 * random time, and does not where another one was first. Then each says now and then that it is
 * still there, and bye when it leaves. What members say cannot be proven: anybody who may publish on the
 * topic can speak for any of them, unless `codec` is `sealed`. A member for whom somebody said bye
 * is back with its next beat.
 *
 * Mercure's subscription API ("Active Subscriptions") is not used: what it says of a subscriber is
 * fixed by its token, and a page can have two streams for a moment, or share one with other tabs.
 */
export class Presence<Data extends object> extends Store<PresenceState<Data>> {
  readonly #options: PresenceOptions<Data>;
  /** Of all stays of this page: what comes late of an earlier one is nobody. */
  readonly #ownIds = new Set<string>();
  #data: Data | null;
  #stay: Stay<Data> | undefined;
  #leavePage: (() => void) | undefined;
  #showing: ReturnType<typeof setTimeout> | undefined;

  constructor(options: PresenceOptions<Data>) {
    super(OUTSIDE);
    this.#options = options;
    this.#data = options.me;
  }

  /**
   * Begins to listen, and says hello as soon as the hub has accepted that. Where `topic` is none, or
   * `me` is no object or too large, the state is `closed` with an error that says so.
   */
  join(): void {
    if (this.#leavePage) return;
    try {
      assertTopic(this.#options.topic, 'Presence');
      if (this.#data !== null) assertData(this.#data);
    } catch (error) {
      return this.update({ status: 'closed', error: error as SignalingError });
    }
    this.#leavePage = onPage({
      leave: () => this.#exit(),
      enter: () => this.#enter(),
      turn: () => this.#stay?.hurry(),
    });
    this.#enter();
  }

  /** Says bye, and forgets everybody. */
  leave(): void {
    this.#leavePage?.();
    this.#leavePage = undefined;
    this.#exit();
  }

  /**
   * Changes one's own data. Others see it after at most 100 ms; of several changes meanwhile, the
   * last. Where one only watches, nothing happens.
   *
   * @throws {@link SignalingError} `usage` where the data would be too large.
   */
  patch(patch: Partial<Data>): void {
    if (this.#data === null) return;
    const data = { ...this.#data, ...patch };
    if (JSON.stringify(data) === JSON.stringify(this.#data)) return;
    assertData(data);
    this.#data = data;
    this.#show();
    this.#stay?.hurry();
  }

  #enter(): void {
    if (this.#stay) return;
    this.#stay = new Stay(this.#options, {
      data: () => this.#data,
      ownIds: this.#ownIds,
      changed: () => this.#show(),
      heard: () => (this.#showing ??= setTimeout(() => this.#show(), FRAME)),
    });
    this.#stay.begin();
  }

  #exit(): void {
    if (!this.#stay) return;
    clearTimeout(this.#showing);
    this.#showing = undefined;
    this.#stay.end();
    this.#stay = undefined;
    this.update(OUTSIDE);
  }

  #show(): void {
    clearTimeout(this.#showing);
    this.#showing = undefined;
    if (!this.#stay) return;
    const last = this.state;
    const { status, error } = this.#stay.state;
    const self = this.#showSelf(this.#stay.id, last.self);
    const others = this.#showOthers(this.#stay, self, last.others);
    const isSame =
      self === last.self &&
      others === last.others &&
      status === last.status &&
      error === last.error;
    if (!isSame) this.update({ self, others, status, error });
  }

  #showSelf(id: string, last: Member<Data> | undefined): Member<Data> | undefined {
    const data = this.#data;
    if (data === null) return undefined;
    return last?.id === id && last.data === data ? last : { id, data };
  }

  #showOthers(
    { roster }: Stay<Data>,
    self: Member<Data> | undefined,
    last: readonly Member<Data>[],
  ): readonly Member<Data>[] {
    const { by } = this.#options;
    const all = roster.list(by);
    const others = by && self ? all.filter((member) => by(member) !== by(self)) : all;
    const isSame =
      others.length === last.length && others.every((member, index) => member === last[index]);
    return isSame ? last : others;
  }
}
