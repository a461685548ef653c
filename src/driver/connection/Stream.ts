import { createStreamReader, type StreamEvent } from '../../mercure/index.js';
import { readRetry, readTimeout, type SseDriverOptions } from '../options.js';
import { SignalingError, isRetryable } from '../SignalingError.js';
import { backoff, wait } from '../timing.js';
import { CONNECTING, OPEN, type Link } from './Connection.js';
import type { HubClient, StreamAnswer } from './HubClient.js';
import type { Liveness } from './Liveness.js';
import type { Load } from './Load.js';
import { readChunks } from './readChunks.js';

/** Where a stream goes on. The subscriptions of one stream share one. */
export interface Position {
  /** Behind this id; `undefined` where none is known. */
  cursor: string | undefined;
  /** When something last came behind it, in ms since the epoch. */
  heardAt: number;
}

/** What a stream reports. */
export interface StreamOwner {
  /** The hub has accepted what the stream carries; it was asked for what follows `asked`. */
  opened(stream: Stream, asked: string | undefined, answer: StreamAnswer): void;
  /** @returns whether the update found its subscriptions; else the stream stays before it. */
  received(stream: Stream, event: StreamEvent): boolean;
  /** The cursor has changed without an event. */
  moved(stream: Stream): void;
  /** What the hub remembers has come; what follows is live. */
  caughtUp(stream: Stream): void;
  /** An attempt has failed, or the stream has ended; the next attempt is planned. */
  lost(stream: Stream): void;
  /** The hub refuses what the stream carries; it is closed. */
  refused(stream: Stream, error: SignalingError): void;
  /** A request has been unanswered for some seconds. */
  stalled(stream: Stream): void;
  /** The stream may be dead: an own update did not come back. */
  doubted(stream: Stream): void;
  report(error: SignalingError): void;
}

/** A stream that was open this long, in ms, has held: the next failure is the first one again. */
const HOLDS_AFTER = 5_000;
/** A stream that ends cleanly is opened at once, but not more often than this, in ms. */
const ROUTINE_FLOOR = 1_000;
/** The longest `retry:` that is honoured, in ms: every publisher can set it. */
const MAX_RETRY = 5 * 60_000;
/** How long a request may be unanswered before something may hold it back, in ms. */
const STALLED_AFTER = 5_000;
/** How long an own update may take to come back, in ms. */
const ECHO_TIMEOUT = 10_000;
/** Where the hub does not mark its end, a replay ends with a pause this long, in ms … */
const REPLAY_PAUSE = 500;
/** … or after this time: a topic may be busy. */
const REPLAY_TIME = 10_000;
const TICK = 1_000;

let count = 0;

/** One stream of a hub, kept open through every error that can pass until it is closed. */
export class Stream {
  /** Tells streams apart. */
  readonly number = ++count;
  /** What it should carry. Takes effect with the next attempt. */
  assigned: Load;
  /** What the hub was last asked for. */
  carried: Load;
  /** Those of it whose replay is not for them: they were not wanted then. */
  readonly late = new Set<string>();
  link: Link = CONNECTING;
  readonly position: Position;
  /** Another stream is taking over. */
  isRetiring = false;
  /** It may be dead: it was silent while the page was away. */
  isSuspect = false;
  isClosed = false;

  readonly #client: HubClient;
  readonly #options: SseDriverOptions;
  readonly #liveness: Liveness;
  readonly #owner: StreamOwner;
  #request = new AbortController();
  #attempt = 0;
  #retryFloor = 0;
  #startedAt = 0;
  #openedAt = Infinity;
  #heardAt = 0;
  /** Until then a replay is under way, which is behind what other streams have heard. */
  #hasCaughtUp = false;
  #pausing: ReturnType<typeof setTimeout> | undefined;
  /** Aborts when the next attempt should be made at once. */
  #awake = new AbortController();
  #wasSilent = false;
  #coding: string | undefined;
  #echo: { id: string; due: number } | undefined;

  constructor(
    client: HubClient,
    options: SseDriverOptions,
    liveness: Liveness,
    owner: StreamOwner,
    assigned: Load,
    position: Position,
  ) {
    this.#client = client;
    this.#options = options;
    this.#liveness = liveness;
    this.#owner = owner;
    this.assigned = this.carried = assigned;
    this.position = position;
    void this.#run();
  }

  get isOpen(): boolean {
    return this.link.status === 'open';
  }

  /** How long it has been silent, in ms. */
  get silence(): number {
    return Date.now() - this.#heardAt;
  }

  /** Tries at once what waits for its next attempt; `force`: also opens anew what is open. */
  wake(force: boolean): void {
    // What was out of reach may be back since this attempt began.
    if (force || this.#openedAt === Infinity) this.#awake.abort(force);
    if (force) this.#request.abort();
  }

  /** Expects an update of this driver to come back, once the hub has taken it. */
  expect(id: string): void {
    this.#echo ??= { id, due: Infinity };
  }

  /** Whether the hub has taken an update that is expected. */
  confirm(id: string, isTaken: boolean): void {
    if (this.#echo?.id !== id) return;
    this.#echo = isTaken ? { id, due: Date.now() + ECHO_TIMEOUT } : undefined;
  }

  close(): void {
    this.isClosed = true;
    this.#awake.abort();
    this.#request.abort();
  }

  async #run(): Promise<void> {
    // The owner first finishes what it is doing.
    await Promise.resolve();
    while (!this.isClosed) {
      this.#request = new AbortController();
      this.#startedAt = Date.now();
      this.#awake = new AbortController();
      const ticking = setInterval(() => this.#look(), TICK);
      let error: SignalingError | undefined;
      try {
        await this.#open();
      } catch (reason) {
        error = reason instanceof SignalingError ? reason : brokenOff(reason);
      } finally {
        clearInterval(ticking);
        clearTimeout(this.#pausing);
        this.#request.abort();
      }
      if (this.isClosed) return;
      if (error && !isRetryable(error)) return this.#owner.refused(this, error);
      await this.#waitToRetry(error);
    }
  }

  async #open(): Promise<void> {
    const { signal } = this.#request;
    this.carried = this.assigned;
    const { cursor } = this.position;
    const answer = await this.#client.open(this.carried.selectors, cursor, signal);
    // A proxy that compresses may hold back what is sent: then the first byte tells.
    this.#coding = answer.coding;
    if (!answer.coding) this.#accepted(cursor, answer);
    const feed = this.#createReader();
    for await (const chunk of readChunks(answer.body, signal)) {
      if (this.isClosed) return;
      if (this.#openedAt === Infinity) this.#accepted(cursor, answer);
      this.#heardAt = Date.now();
      feed(chunk);
      if (this.#hasCaughtUp) this.position.heardAt = this.#heardAt;
    }
  }

  #accepted(asked: string | undefined, answer: StreamAnswer): void {
    if (this.isClosed) return;
    this.#openedAt = this.#heardAt = Date.now();
    this.#echo = this.#coding = undefined;
    // A hub that does not find a cursor may name one that is older by far.
    this.position.cursor = asked ?? answer.resumedFrom;
    this.link = OPEN;
    this.late.clear();
    this.#hasCaughtUp = false;
    this.#owner.opened(this, asked, answer);
    if (!answer.marksReplay) this.#awaitPause();
  }

  #awaitPause(): void {
    const isLong = Date.now() - this.#openedAt > REPLAY_TIME;
    const left = REPLAY_PAUSE - this.silence;
    if (isLong || left <= 0) this.#catchUp();
    else this.#pausing = setTimeout(() => this.#awaitPause(), left);
  }

  #catchUp(): void {
    if (this.isClosed) return;
    this.#hasCaughtUp = true;
    this.position.heardAt = this.#heardAt;
    this.#owner.caughtUp(this);
  }

  #createReader(): (chunk: Uint8Array) => void {
    let greeted = false;
    return createStreamReader({
      onEvent: (event) => {
        if (this.isClosed) return;
        this.#wasSilent = false;
        if (event.id !== undefined && event.id === this.#echo?.id) this.#echo = undefined;
        if (this.#owner.received(this, event))
          this.position.cursor = event.id ?? this.position.cursor;
      },
      onMark: (id) => {
        this.position.cursor = id;
        this.#owner.moved(this);
        this.#catchUp();
      },
      onComment: () => {
        if (greeted) {
          this.#wasSilent = false;
          this.#liveness.heartbeat();
        } else this.#liveness.greeted();
        greeted = true;
      },
      onRetry: (milliseconds) => {
        this.#retryFloor = Math.min(milliseconds, MAX_RETRY);
      },
      onOverflow: (id, bytes) => {
        this.position.cursor = id ?? this.position.cursor;
        const name = id === undefined ? 'without an id' : `"${id}"`;
        const message = `The update ${name} has ${bytes} bytes, more than a driver takes. It was skipped.`;
        this.#owner.report(new SignalingError('overflow', message));
      },
    });
  }

  /** Looks for what no event tells: a request without an answer, a stream without a sound. */
  #look(): void {
    const now = Date.now();
    if (this.#openedAt === Infinity) {
      const waited = now - this.#startedAt;
      if (this.isOpen) this.#lose(undefined, now);
      if (waited > readTimeout(this.#options)) this.#request.abort();
      else if (waited > STALLED_AFTER) this.#stalled();
    } else if (this.silence > this.#liveness.limit) {
      if (this.#wasSilent) this.#liveness.silentTwice();
      this.#wasSilent = true;
      this.#request.abort();
    } else if (this.#echo && now > this.#echo.due) {
      this.#echo = undefined;
      this.#owner.doubted(this);
    }
  }

  #stalled(): void {
    if (!this.#coding) return this.#owner.stalled(this);
    const message = `A proxy holds back the event stream: it came with \`Content-Encoding: ${this.#coding}\` and without a byte. Turn compression off there for \`text/event-stream\`.`;
    this.#owner.report(new SignalingError('buffered', message));
    this.#coding = undefined;
  }

  async #waitToRetry(error: SignalingError | undefined): Promise<void> {
    const now = Date.now();
    const retry = readRetry(this.#options);
    // A hub ends every stream after some minutes, or when its token expires.
    const isRoutine = error === undefined;
    if (isRoutine || now - this.#openedAt > HOLDS_AFTER) this.#attempt = 0;
    const floor = Math.max(this.#retryFloor, error?.retryAfter ?? 0);
    const earliest = this.#startedAt + Math.min(ROUTINE_FLOOR, retry.base);
    let delay = isRoutine
      ? Math.max(earliest - now, floor, 0)
      : backoff(this.#attempt, floor, retry);
    const { aborted: isAwake, reason: isForced } = this.#awake.signal;
    if (isAwake) delay = 0;
    this.#openedAt = Infinity;
    // That is no news, unless the stream is away for longer than a moment.
    if (!isRoutine || delay > TICK) this.#lose(isForced ? undefined : error, now + delay);
    await wait(delay, this.#awake.signal);
  }

  #lose(error: SignalingError | undefined, retryAt: number): void {
    this.link = { status: 'reconnecting', error, attempt: ++this.#attempt, retryAt };
    this.#owner.lost(this);
  }
}

function brokenOff(cause: unknown): SignalingError {
  return new SignalingError('unreachable', 'The stream broke off.', { cause });
}
