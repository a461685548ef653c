import type { SignalingError } from '../driver/index.js';
import { readValue, type ValueOptions } from './schema.js';
import type { Topics, TopicState } from './Topics.js';

/** The latest signal on a topic, and how the topic stands. */
export interface Signal<Value> extends TopicState {
  /** `undefined` until the first signal has come. A burst is shown by its first and its last. */
  data: Value | undefined;
}

/** Options of `useSignal`. They may be written inline: new ones never resubscribe. */
export interface UseSignalOptions<Value> extends ValueOptions<Value> {
  /**
   * Hears of a signal that does not decode or fit. Default: with a handler the provider's `onError`,
   * without one nobody: `error` tells.
   */
  onError?: ((error: SignalingError) => void) | undefined;
}

/** A burst is shown by its first signal and, this many ms later, by its last. */
const INTERVAL = 100;

/** The latest signal on a topic, as a store React can read. */
export class LatestSignal<Value> {
  readonly #topics: Topics;
  readonly #topic: string;
  readonly #options: { readonly current: UseSignalOptions<Value> };
  #snapshot: Signal<Value>;
  #data: Value | undefined;
  #error: SignalingError | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stale = false;
  #notify = (): void => {};

  constructor(
    topics: Topics,
    topic: string,
    options: { readonly current: UseSignalOptions<Value> },
  ) {
    this.#topics = topics;
    this.#topic = topic;
    this.#options = options;
    this.#snapshot = { data: undefined, ...topics.stateOf(topic) };
  }

  readonly subscribe = (notify: () => void): (() => void) => {
    this.#notify = notify;
    const leave = this.#topics.listen(this.#topic, (data) => this.#receive(data));
    const unwatch = this.#topics.watch(() => this.#show());
    this.#show();
    return () => {
      leave();
      unwatch();
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  };

  readonly get = (): Signal<Value> => this.#snapshot;

  #receive(data: Uint8Array<ArrayBuffer>): void {
    try {
      this.#data = readValue(data, this.#topic, this.#options.current);
      this.#error = undefined;
    } catch (error) {
      this.#error = error as SignalingError;
      this.#options.current.onError?.(this.#error);
    }
    this.#stale = true;
    if (this.#timer === undefined) this.#showAndWait();
  }

  #showAndWait(): void {
    this.#stale = false;
    this.#show();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#stale) this.#showAndWait();
    }, INTERVAL);
  }

  #show(): void {
    const { status, error } = this.#topics.stateOf(this.#topic);
    const next = { data: this.#data, status, error: this.#error ?? error };
    const last = this.#snapshot;
    if (next.data === last.data && next.status === last.status && next.error === last.error) return;
    this.#snapshot = next;
    this.#notify();
  }
}
