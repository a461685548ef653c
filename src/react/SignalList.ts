import type { TopicState } from '../driver/index.js';
import type { Listening, ListeningOwner, UseSignalOptions } from './Listening.js';

/** The latest signals on a topic, and the state of the topic. */
export interface Signals<Value> extends TopicState {
  /** The oldest first. The same array until it changes. */
  readonly signals: readonly Value[];
}

/** Options of `useSignals`. They may be written inline: new ones never resubscribe. */
export interface UseSignalsOptions<Value> extends UseSignalOptions<Value> {
  /** How many signals are kept, at least 1. The oldest go first. Default: 50. */
  last?: number | undefined;
  /**
   * The key of a signal, such as `(row) => row.id`. A signal whose key is there takes the place of
   * that one; others are added at the end. Default: each is added.
   */
  by?: ((value: Value) => unknown) | undefined;
}

/** The first of a burst waits for a frame, in ms … */
const FRAME = 16;
/** … and what follows for this long. */
const INTERVAL = 100;

/** The latest signals on some topics, as a store that React can read. */
export class SignalList<Value> implements ListeningOwner<Value> {
  readonly #listening: Listening<Value>;
  readonly #options: { readonly current: UseSignalsOptions<Value> };
  readonly #values = new Map<unknown, Value>();
  #snapshot: Signals<Value>;
  #count = 0;
  #isStale = false;
  #shownAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #notify = (): void => {};

  constructor(
    listening: Listening<Value>,
    options: { readonly current: UseSignalsOptions<Value> },
  ) {
    this.#listening = listening;
    this.#options = options;
    this.#snapshot = { signals: [], ...listening.state };
  }

  readonly subscribe = (notify: () => void): (() => void) => {
    this.#notify = notify;
    const leave = this.#listening.start(this);
    this.#show();
    return () => {
      leave();
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  };

  readonly get = (): Signals<Value> => this.#snapshot;

  clear(): void {
    this.#values.clear();
    this.#isStale = true;
    this.#show();
  }

  add(value: Value): void {
    const { by, last = 50 } = this.#options.current;
    this.#values.set(by ? by(value) : ++this.#count, value);
    while (this.#values.size > last) this.#values.delete(this.#values.keys().next().value);
    this.#isStale = true;
  }

  heard(): void {
    const wait = Math.max(FRAME, this.#shownAt + INTERVAL - Date.now());
    this.#timer ??= setTimeout(() => this.#show(), Math.min(wait, INTERVAL));
  }

  stateChanged(): void {
    this.#show();
  }

  #show(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { status, error } = this.#listening.state;
    const last = this.#snapshot;
    const signals = this.#isStale ? [...this.#values.values()] : last.signals;
    if (signals === last.signals && status === last.status && error === last.error) return;
    if (this.#isStale) this.#shownAt = Date.now();
    this.#isStale = false;
    this.#snapshot = { signals, status, error };
    this.#notify();
  }
}
