import { deliver } from '../driver/deliver.js';
import type {
  ConnectionStatus,
  Driver,
  SignalHandler,
  SignalingError,
  SignalingErrorCode,
} from '../driver/index.js';

/** How long a topic nobody listens to any more is kept, in ms: longer than a remount takes. */
export const LINGER = 1_000;

/** The errors that end a topic. */
const REFUSALS: readonly SignalingErrorCode[] = ['unauthorized', 'not-a-hub', 'rejected'];

/** How one topic stands. */
export interface TopicState {
  status: ConnectionStatus;
  error: SignalingError | undefined;
}

interface Entry {
  handlers: Set<SignalHandler>;
  receive: SignalHandler;
  /** Whether the hub has accepted it; an error where it has refused. */
  accepted: boolean | SignalingError;
  lingering: ReturnType<typeof setTimeout> | undefined;
}

/** The topics that components below one provider listen to: each is subscribed once. */
export class Topics {
  readonly driver: Driver;
  readonly report: (error: SignalingError) => void;
  readonly #entries = new Map<string, Entry>();
  readonly #watchers = new Set<() => void>();

  constructor(driver: Driver, report: (error: SignalingError) => void) {
    this.driver = driver;
    this.report = report;
  }

  /**
   * Calls `handler` with every signal on `topic`.
   *
   * @returns what ends it. The handler is not called again; the topic lingers a moment, so that
   *   whoever comes next opens nothing anew.
   */
  listen(topic: string, handler: SignalHandler): () => void {
    const entry = this.#entries.get(topic) ?? this.#open(topic);
    clearTimeout(entry.lingering);
    entry.handlers.add(handler);
    return () => {
      entry.handlers.delete(handler);
      if (entry.handlers.size > 0) return;
      entry.lingering = setTimeout(() => this.#close(topic, entry), LINGER);
    };
  }

  /** Calls `listener` when the state of a topic may have changed. */
  watch(listener: () => void): () => void {
    this.#watchers.add(listener);
    this.driver.on('connection', listener);
    return () => {
      this.#watchers.delete(listener);
      this.driver.off('connection', listener);
    };
  }

  stateOf(topic: string): TopicState {
    const accepted = this.#entries.get(topic)?.accepted;
    if (typeof accepted === 'object') return { status: 'closed', error: accepted };
    const { status, error } = this.driver.connection;
    if (status !== 'open') return { status, error };
    // What keeps another topic closed is no error of this one.
    return { status: accepted ? 'open' : 'connecting', error: undefined };
  }

  /** Hears the errors of the driver: a topic may be refused long after it was accepted. */
  readonly hear = (error: SignalingError): void => {
    const entry = this.#entries.get(error.topic ?? '');
    if (entry && REFUSALS.includes(error.code)) this.#settle(entry, error);
    this.report(error);
  };

  /** Tries again at once, also what was refused. */
  reconnect(): void {
    this.driver.reconnect();
    for (const [topic, entry] of this.#entries) {
      if (typeof entry.accepted === 'object') this.#subscribe(topic, entry);
    }
  }

  #open(topic: string): Entry {
    const handlers = new Set<SignalHandler>();
    const receive: SignalHandler = (data, event) => deliver(handlers, data, event, this.report);
    const entry: Entry = { handlers, receive, accepted: false, lingering: undefined };
    this.#entries.set(topic, entry);
    this.#subscribe(topic, entry);
    return entry;
  }

  #subscribe(topic: string, entry: Entry): void {
    entry.accepted = false;
    this.driver.subscribe(topic, entry.receive).then(
      () => this.#settle(entry, true),
      (error: SignalingError) => {
        if (error.code === 'cancelled' || error.code === 'destroyed') return;
        this.#settle(entry, error);
        this.report(error);
      },
    );
  }

  #settle(entry: Entry, accepted: true | SignalingError): void {
    entry.accepted = accepted;
    for (const watcher of this.#watchers) watcher();
  }

  #close(topic: string, entry: Entry): void {
    this.#entries.delete(topic);
    // What was refused is gone already, and cannot be left.
    this.driver.unsubscribe(topic, entry.receive).catch(() => {});
  }
}
