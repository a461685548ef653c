import type {
  Encoding,
  SignalEvent,
  SignalingError,
  SubscribeOptions,
  TopicState,
} from '../driver/index.js';
import { ValueReader, type ValueOptions } from '../driver/values.js';
import type { HookTopics, Topics } from './Topics.js';

/** Options of `useSignal`. They may be written inline: new ones never resubscribe. */
export interface UseSignalOptions<Value> extends ValueOptions<Value> {
  /** How the bytes travel. Default: that of the provider, else `base64`. */
  encoding?: Encoding | undefined;
  /**
   * Where to begin: behind the update with this id, or `'earliest'`, with all that the hub
   * remembers. Those come first, with `event.past`; `status` is `open` once they have come. A
   * component that is hidden and shown again goes on where it was. Another `since` begins anew.
   * Default: now.
   */
  since?: SubscribeOptions['since'];
  /**
   * Called for a signal that does not decode or fit. Default: with a handler the provider's
   * `onError`; without one `error` tells.
   */
  onError?: ((error: SignalingError) => void) | undefined;
}

/** What a store does with what it hears. */
export interface ListeningOwner<Value> {
  /** Keeps a value. */
  add(value: Value): void;
  /** A signal has come: a value, or one that is an error. */
  heard(): void;
  /** The state of the topics may be another one. */
  stateChanged(): void;
}

/** What a store hears on some topics. A store that is left and read again goes on where it was. */
export class Listening<Value> {
  readonly #topics: Topics;
  readonly #wanted: HookTopics;
  readonly #options: { readonly current: UseSignalOptions<Value> };
  #since: string | undefined;
  #reader: ValueReader | undefined;
  #owner: ListeningOwner<Value> | undefined;
  #valueError: SignalingError | undefined;

  constructor(
    topics: Topics,
    wanted: HookTopics,
    options: { readonly current: UseSignalOptions<Value> },
    since: string | undefined,
  ) {
    this.#topics = topics;
    this.#wanted = wanted;
    this.#options = options;
    this.#since = since;
  }

  /** That of the topics, with the error of the last signal where it was one. */
  get state(): TopicState {
    const { topics, error: usage } = this.#wanted;
    if (usage) return { status: 'closed', error: usage };
    const { status, error } = this.#topics.driver.stateOf(topics, this.#receive);
    return { status, error: this.#valueError ?? error };
  }

  /** Returns the function that ends it. */
  start(owner: ListeningOwner<Value>): () => void {
    this.#owner = owner;
    this.#reader = new ValueReader();
    const { topics, error } = this.#wanted;
    const { encoding = this.#topics.defaults.current.encoding } = this.#options.current;
    const leave = this.#topics.listen(this.#wanted, encoding, this.#receive, this.#since);
    const unwatch = error
      ? undefined
      : this.#topics.driver.watch(topics, () => owner.stateChanged());
    return () => {
      this.#reader = undefined;
      leave();
      unwatch?.();
    };
  }

  readonly #receive = (bytes: Parameters<ValueReader['read']>[0], event: SignalEvent): void => {
    const reader = this.#reader;
    const options = { ...this.#topics.defaults.current, ...given(this.#options.current) };
    reader?.read<Value>(bytes, event.topic, this.#wanted.name, options, (result) => {
      // It has left while this was decoded: what `since` begins with brings it again.
      if (reader !== this.#reader) return;
      if (this.#since !== undefined) this.#since = event.id ?? this.#since;
      this.#valueError = 'error' in result ? result.error : undefined;
      if ('value' in result) this.#owner?.add(result.value);
      if (this.#valueError) options.onError?.(this.#valueError);
      this.#owner?.heard();
    });
  };
}

/** Without the options that are `undefined`, so that they do not hide a default. */
export function given<Options extends object>(options: Options): Options {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Options;
}
