import { createStreamReader, type StreamEvent } from '../mercure/index.js';
import { Pause, backoff } from './backoff.js';
import { Setback, type HubClient, type OpenedStream } from './HubClient.js';
import type { SseDriverOptions } from './options.js';
import { SignalingError } from './SignalingError.js';

/** What a stream tells its owner. */
export interface StreamOwner {
  /** The hub has accepted the topics. It cannot give back what followed `lostAfter`, if anything. */
  opened(stream: Stream, lostAfter: string | undefined): void;
  received(stream: Stream, event: StreamEvent): void;
  /** It is over, for a reason that will not pass. */
  failed(stream: Stream, error: SignalingError): void;
  /** Its state has changed. */
  changed(): void;
}

/** A stream that was open this long, in ms, has held: the next failure is the first one again. */
const HOLDS_AFTER = 5_000;
const HEARTBEAT_TIMEOUT = 60_000;

/** One stream of a hub, kept open through everything that can pass until it is closed. */
export class Stream {
  /** What the hub was last asked for. */
  topics: ReadonlySet<string> = new Set();
  /** Those of them that were new when it opened. */
  readonly fresh = new Set<string>();
  status: 'connecting' | 'open' | 'reconnecting' | 'closed' = 'connecting';
  error: SignalingError | undefined;
  attempt = 0;
  retryAt: number | undefined;
  /** The last id it has delivered, or that the hub said it starts from. */
  cursor: string | undefined;
  /** The cursor of a stream that has none of its own: an update this driver has published itself. */
  fallbackCursor: string | undefined;
  /** Whether the hub promises to name the topics of its updates. */
  namesTopics = false;
  /** Whether everything up to the moment of opening has been replayed. */
  live = false;
  /** When something was last heard of it, in ms since the epoch. */
  heardAt = Date.now();

  readonly #wanted: () => Iterable<string>;
  readonly #client: HubClient;
  readonly #owner: StreamOwner;
  readonly #options: SseDriverOptions;
  readonly #pause = new Pause();
  #connection = new AbortController();
  #retryFloor = 0;
  #hubBeats = false;

  constructor(
    client: HubClient,
    owner: StreamOwner,
    options: SseDriverOptions,
    wanted: () => Iterable<string>,
    cursor?: string,
  ) {
    this.#client = client;
    this.#owner = owner;
    this.#options = options;
    this.#wanted = wanted;
    this.cursor = cursor;
    void this.#run();
  }

  /** Looks whether it still lives, after a sleep or a change of network; `now`: without asking. */
  wake(now: boolean): void {
    this.#pause.end();
    if (this.status === 'open' && (now || this.#silentFor() > this.#silenceAllowed())) this.#interrupt();
  }

  close(): void {
    this.status = 'closed';
    this.#pause.end();
    this.#connection.abort();
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      this.#connection = new AbortController();
      let setback: Setback | undefined;
      try {
        await this.#read(await this.#open());
      } catch (reason) {
        if (this.#closed) return;
        if (reason instanceof SignalingError) return this.#fail(reason);
        setback = reason instanceof Setback ? reason : lost(reason);
      }
      await this.#retry(setback);
    }
  }

  get #closed(): boolean {
    return this.status === 'closed';
  }

  async #open(): Promise<OpenedStream> {
    this.topics = new Set(this.#wanted());
    this.fresh.clear();
    const asked = this.cursor ?? this.fallbackCursor;
    const opened = await this.#client.open([...this.topics], asked, this.#connection.signal);
    this.cursor = opened.resumedFrom ?? asked;
    this.namesTopics = opened.namesTopics;
    this.live = !opened.namesTopics;
    this.status = 'open';
    this.error = this.retryAt = undefined;
    this.heardAt = Date.now();
    this.#owner.opened(this, this.cursor === asked ? undefined : asked);
    this.#owner.changed();
    return opened;
  }

  async #read({ body }: OpenedStream): Promise<void> {
    const openedAt = this.heardAt;
    const reader = body.getReader();
    const stopWatching = this.#watch();
    let comments = 0;
    const feed = createStreamReader({
      onEvent: (event) => {
        if (this.#closed) return;
        this.#owner.received(this, event);
        if (event.id !== undefined) this.cursor = event.id;
      },
      onMark: (id) => {
        this.live = true;
        this.cursor = id;
      },
      onComment: () => {
        // The first one greets; a hub that sends another one keeps a beat.
        this.#hubBeats ||= ++comments > 1;
      },
      onRetry: (milliseconds) => {
        this.#retryFloor = milliseconds;
      },
    });
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done || this.#closed) return;
        this.heardAt = Date.now();
        feed(value);
      }
    } catch (reason) {
      throw reason instanceof RangeError ? tooLarge(reason) : reason;
    } finally {
      stopWatching();
      if (Date.now() - openedAt > HOLDS_AFTER) this.attempt = 0;
      this.#connection.abort();
    }
  }

  /** A half-open connection is silent for ever: only a clock finds it. */
  #watch(): () => void {
    let timer: ReturnType<typeof setTimeout>;
    const look = (): void => {
      const left = this.#silenceAllowed() - this.#silentFor();
      if (left <= 0) return this.#interrupt();
      timer = setTimeout(look, Math.min(left, HEARTBEAT_TIMEOUT));
    };
    look();
    return () => clearTimeout(timer);
  }

  #silentFor(): number {
    return Date.now() - this.heardAt;
  }

  #silenceAllowed(): number {
    return this.#options.heartbeatTimeout ?? (this.#hubBeats ? HEARTBEAT_TIMEOUT : Infinity);
  }

  #interrupt(): void {
    this.#connection.abort(lost());
  }

  async #retry(setback: Setback | undefined): Promise<void> {
    const floor = Math.max(this.#retryFloor, setback?.delay ?? 0);
    const delay = backoff(this.attempt++, floor, this.#options.retry);
    this.status = 'reconnecting';
    this.error = setback?.error;
    this.retryAt = Date.now() + delay;
    this.#owner.changed();
    await this.#pause.wait(delay);
  }

  #fail(error: SignalingError): void {
    this.status = 'closed';
    this.error = error;
    this.retryAt = undefined;
    this.#owner.failed(this, error);
    this.#owner.changed();
  }
}

function lost(cause?: unknown): Setback {
  return new Setback(
    new SignalingError('unreachable', 'The stream broke off. The driver opens it again.', { cause }),
  );
}

function tooLarge(cause: RangeError): Setback {
  return new Setback(
    new SignalingError('overflow', 'The hub sent an event of more than 16 MiB. Send less at once.', { cause }),
  );
}
