import { callHandler } from '../driver/callHandler.js';
import { SignalingError } from '../driver/index.js';
import type {
  Codec,
  Driver,
  Encoding,
  SignalHandler,
  SubscribeOptions,
  Topics as TopicList,
} from '../driver/index.js';
import { beginAt, namesOf, toTopicSet } from '../driver/topics.js';
import type { Schema } from '../driver/values.js';

/** How long a topic without listeners is kept, in ms: longer than a remount takes. */
export const LINGER = 1_000;

/** What hooks take from their provider where they are not given it. */
export interface HookDefaults {
  /** How bytes become values, where a hook does not say otherwise. Default: `json`. */
  codec?: Codec<any> | undefined;
  /** What a value must fit, where a hook does not say otherwise. Default: every value fits. */
  schema?: Schema<any> | undefined;
  /** How bytes travel, where a hook does not say otherwise. Default: `base64`. */
  encoding?: Encoding | undefined;
}

/** The topics that a hook was given. */
export interface HookTopics {
  readonly topics: TopicList;
  /** The same for the same topics in whatever order; `undefined` where they are none. */
  readonly key: string | undefined;
  /** For messages. */
  readonly name: string;
  /** Why they are none. */
  readonly error: SignalingError | undefined;
}

/** Reads the topics of a hook. What is wrong with them is part of the result. */
export function readTopics(
  topics: TopicList,
  hook: string,
  since?: string,
  isBounded = true,
): HookTopics {
  try {
    const set = toTopicSet(topics, hook);
    if (since !== undefined) beginAt(set, since);
    if (!isBounded) throw new SignalingError('usage', '`last` must be 1 or more.');
    return { topics, key: set.key, name: namesOf(set).join(', '), error: undefined };
  } catch (error) {
    return { topics, key: undefined, name: '', error: error as SignalingError };
  }
}

interface Entry {
  /** Replaced when it changes, so that a signal under way goes to those who were there. */
  handlers: readonly SignalHandler[];
  lingering: ReturnType<typeof setTimeout> | undefined;
  close: () => void;
}

/** The topics that components below one provider listen to: each is subscribed once. */
export class Topics {
  readonly driver: Driver;
  readonly defaults: { readonly current: HookDefaults };
  readonly report: (error: SignalingError) => void;
  readonly #entries = new Map<string, Entry>();

  constructor(
    driver: Driver,
    defaults: { readonly current: HookDefaults },
    report: (error: SignalingError) => void,
  ) {
    this.driver = driver;
    this.defaults = defaults;
    this.report = report;
  }

  /**
   * Calls `handler` with every signal on these topics, from `since` on. Who asks for the past has a
   * subscription of its own.
   *
   * @returns the function that ends it. The topics linger a moment, so that a component which comes
   *   next opens nothing anew.
   */
  listen(
    { topics, key, name, error }: HookTopics,
    encoding: Encoding | undefined,
    handler: SignalHandler,
    since?: string,
  ): () => void {
    if (error) {
      this.report(error);
      return () => {};
    }
    if (since !== undefined) {
      this.#subscribe(topics, handler, { encoding, since });
      return () => void this.driver.unsubscribe(topics, handler).catch(() => {});
    }
    const id = `${key} ${encoding}`;
    const entry = this.#entries.get(id) ?? this.#open(id, topics, name, encoding);
    clearTimeout(entry.lingering);
    entry.handlers = [...entry.handlers, handler];
    return () => {
      entry.handlers = entry.handlers.filter((each) => each !== handler);
      if (entry.handlers.length === 0) entry.lingering = setTimeout(entry.close, LINGER);
    };
  }

  #open(id: string, topics: TopicList, name: string, encoding: Encoding | undefined): Entry {
    const { driver, report } = this;
    const receive: SignalHandler = (data, event) => {
      const { handlers } = entry;
      for (const handler of handlers) {
        const stays = handlers === entry.handlers || entry.handlers.includes(handler);
        if (stays) callHandler(handler, data, event, name, report);
      }
    };
    const close = (): void => {
      this.#entries.delete(id);
      driver.unsubscribe(topics, receive).catch(() => {});
    };
    const entry: Entry = { handlers: [], lingering: undefined, close };
    this.#entries.set(id, entry);
    this.#subscribe(topics, receive, { encoding });
    return entry;
  }

  #subscribe(topics: TopicList, handler: SignalHandler, options: SubscribeOptions): void {
    this.driver.subscribe(topics, handler, options).catch((error: SignalingError) => {
      if (error.code !== 'cancelled' && error.code !== 'destroyed') this.report(error);
    });
  }
}
