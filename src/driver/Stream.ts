import { createStreamReader, type StreamEvent } from '../mercure/index.js';
import { Pause, backoff } from './backoff.js';
import type { Connection } from './Driver.js';
import { IDLE } from './idle.js';
import type { HubClient } from './HubClient.js';
import { DEFAULT_TIMEOUT, type SseDriverOptions } from './options.js';
import { SignalingError, canPass } from './SignalingError.js';

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
  status: 'connecting' | 'open' | 'closed' = 'connecting';
  /** What keeps it from being open; `undefined` while nothing has gone wrong. */
  trouble: Connection | undefined;
  /** What the hub was last asked for. */
  topics: ReadonlySet<string> = new Set();
  /** Those of them whose updates are not for anybody yet, until the next mark. */
  fresh = new Set<string>();
  /** The last id it has delivered, or that the hub said it starts from. */
  cursor: string | undefined;
  /** The cursor of a stream without one: an update this driver has published. */
  fallbackCursor: string | undefined;
  namesTopics = false;
  /** When something was last heard of it, in ms since the epoch. */
  heardAt = 0;

  readonly #client: HubClient;
  readonly #options: SseDriverOptions;
  readonly #owner: StreamOwner;
  readonly #wanted: () => Iterable<string>;
  readonly #pause = new Pause();
  #connection = new AbortController();
  #attempt = 0;
  #retryFloor = 0;
  #openedAt = Infinity;
  #hubBeats = false;
  #hurries = false;

  constructor(
    client: HubClient,
    options: SseDriverOptions,
    owner: StreamOwner,
    wanted: () => Iterable<string>,
    cursor?: string,
  ) {
    this.#client = client;
    this.#options = options;
    this.#owner = owner;
    this.#wanted = wanted;
    this.cursor = cursor;
    void this.#run();
  }

  /** Looks whether it still lives; `now`: opens it anew without looking. */
  wake(now: boolean): void {
    this.#pause.end();
    if (this.status !== 'open' || (!now && this.#timeLeft() > 0)) return;
    this.#hurries = true;
    this.#connection.abort();
  }

  close(): void {
    this.status = 'closed';
    this.#pause.end();
    this.#connection.abort();
  }

  get #closed(): boolean {
    return this.status === 'closed';
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      this.#connection = new AbortController();
      this.heardAt = Date.now();
      const stopWatching = this.#watch();
      let error: SignalingError | undefined;
      try {
        await this.#read(await this.#open());
      } catch (reason) {
        error = reason instanceof SignalingError ? reason : lost(reason);
        if (!canPass(error)) return this.#fail(error);
      } finally {
        stopWatching();
        this.#connection.abort();
      }
      if (!this.#closed) await this.#waitToRetry(error);
    }
  }

  async #open(): Promise<ReadableStream<Uint8Array>> {
    const { signal } = this.#connection;
    const asked = this.cursor ?? this.fallbackCursor;
    this.topics = new Set(this.#wanted());
    const {
      body,
      resumedFrom = asked,
      namesTopics,
    } = await this.#client.open(this.topics, asked, signal);
    if (this.#closed) return body;
    this.status = 'open';
    this.trouble = undefined;
    this.heardAt = this.#openedAt = Date.now();
    // A hub that does not find a cursor may name one that is older by far.
    this.cursor = asked ?? resumedFrom;
    this.namesTopics = namesTopics;
    this.#owner.opened(this, resumedFrom === asked ? undefined : asked);
    return body;
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const reader = body.getReader();
    // A `fetch` of one's own may not pass the abort on to the body.
    this.#connection.signal.addEventListener('abort', () => {
      void reader.cancel().catch(() => {});
    });
    let greeted = false;
    const feed = createStreamReader({
      onEvent: (event) => {
        if (this.#closed) return;
        this.#owner.received(this, event);
        this.cursor = event.id ?? this.cursor;
      },
      onMark: (id) => {
        this.fresh = new Set();
        this.cursor = id;
      },
      onComment: () => {
        // The first one greets; a hub that sends another one keeps a beat.
        this.#hubBeats ||= greeted;
        greeted = true;
      },
      onRetry: (milliseconds) => {
        this.#retryFloor = milliseconds;
      },
    });
    for (;;) {
      const { done, value } = await reader.read();
      if (done || this.#closed) return;
      this.heardAt = Date.now();
      feed(value);
    }
  }

  /** A connection that is half open is silent for ever: only a clock finds it. */
  #watch(): () => void {
    const timer = setInterval(() => {
      if (this.#timeLeft() <= 0) this.#connection.abort();
    }, 1_000);
    return () => clearInterval(timer);
  }

  /** How long it may still be silent, in ms. */
  #timeLeft(): number {
    const { timeout = DEFAULT_TIMEOUT, heartbeatTimeout } = this.#options;
    const beat = heartbeatTimeout ?? (this.#hubBeats ? HEARTBEAT_TIMEOUT : Infinity);
    return this.heardAt + (this.status === 'open' ? beat : timeout) - Date.now();
  }

  async #waitToRetry(error: SignalingError | undefined): Promise<void> {
    const now = Date.now();
    if (now - this.#openedAt > HOLDS_AFTER) this.#attempt = 0;
    this.#openedAt = Infinity;
    const floor = Math.max(this.#retryFloor, error?.retryAfter ?? 0);
    const delay = this.#hurries ? 0 : backoff(this.#attempt, floor, this.#options.retry);
    this.#hurries = false;
    this.status = 'connecting';
    this.trouble = {
      ...IDLE,
      status: 'reconnecting',
      error,
      attempt: ++this.#attempt,
      retryAt: now + delay,
    };
    this.#owner.changed();
    await this.#pause.wait(delay);
  }

  #fail(error: SignalingError): void {
    if (this.#closed) return;
    this.status = 'closed';
    this.#owner.failed(this, error);
  }
}

function lost(cause: unknown): SignalingError {
  return cause instanceof RangeError
    ? new SignalingError('overflow', 'The hub sent an event of more than 16 MiB.', { cause })
    : new SignalingError('unreachable', 'The stream broke off.', { cause });
}
