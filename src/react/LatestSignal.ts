import type { TopicState } from '../driver/index.js';
import type { Listening, ListeningOwner } from './Listening.js';

/** The latest signal on a topic, and the state of the topic. */
export interface Signal<Value> extends TopicState {
  /** `undefined` until the first signal has come. A burst is shown by its first and its last. */
  readonly data: Value | undefined;
}

/** A burst is shown by its first signal and, this many ms later, by its last. */
const INTERVAL = 100;

/** The latest signal on some topics, as a store that React can read. */
export class LatestSignal<Value> implements ListeningOwner<Value> {
  readonly #listening: Listening<Value>;
  #snapshot: Signal<Value>;
  #data: Value | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isStale = false;
  #notify = (): void => {};

  constructor(listening: Listening<Value>) {
    this.#listening = listening;
    this.#snapshot = { data: undefined, ...listening.state };
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

  readonly get = (): Signal<Value> => this.#snapshot;

  add(value: Value): void {
    this.#data = value;
  }

  heard(): void {
    this.#isStale = true;
    if (this.#timer === undefined) this.#showAndWait();
  }

  stateChanged(): void {
    this.#show();
  }

  #showAndWait(): void {
    this.#isStale = false;
    this.#show();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#isStale) this.#showAndWait();
    }, INTERVAL);
  }

  #show(): void {
    const next = { data: this.#data, ...this.#listening.state };
    const last = this.#snapshot;
    if (next.data === last.data && next.status === last.status && next.error === last.error) return;
    this.#snapshot = next;
    this.#notify();
  }
}
