import { encodeBase64, type Update } from '../mercure/index.js';
import { text } from './codec.js';
import type { Connection } from './connection/Connection.js';
import type { Bytes, Encoding, PublishOptions } from './Driver.js';
import { readRetry, readTimeout, type DriverOptions } from './options.js';
import { RecentIds } from './RecentIds.js';
import { SignalingError, isRetryable } from './SignalingError.js';
import { backoff, wait, withTimeout } from './timing.js';
import { UpdateIds } from './updateId.js';

/** The publishes of one topic, one after the other. */
interface Queue {
  length: number;
  tail: Promise<unknown>;
  /** When the hub last took one, in ms since the epoch: a long queue that moves is no outage. */
  movedAt: number;
  public: Line;
  private: Line;
}

/** Public and private updates are counted apart: who may not see the latter misses nothing. */
interface Line {
  number: number;
  sequence: number;
}

/** More than this many publishes on one topic do not wait. */
const MAX_QUEUE = 10_000;
/** This many topics are remembered beyond their last publish, so that their sequence goes on. */
const MAX_TOPICS = 1_000;
/** One attempt is given up after this many ms, so that another one can be made. */
const ATTEMPT_TIMEOUT = 10_000;
/** How many of its own ids a driver recognizes, at least. */
const OWN_IDS = 10_000;

/**
 * Publishes: in order on each topic, and again through every error that can pass. An update keeps
 * its id when it is sent again, so that its subscribers can drop the second one.
 */
export class Outbox {
  readonly #connection: Connection;
  readonly #options: DriverOptions;
  readonly #ids = new UpdateIds();
  readonly #ownIds = new RecentIds(OWN_IDS);
  readonly #queues = new Map<string, Queue>();
  readonly #abort = new AbortController();
  /** Aborts when what waits for its next attempt should try at once. */
  #awake = new AbortController();
  #closedBy: SignalingError | undefined;

  constructor(connection: Connection, options: DriverOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  /** Whether this id was made here. */
  isOwn(id: string): boolean {
    return this.#ownIds.has(id);
  }

  /** Resolves when the hub has taken the update. */
  async publish(
    topic: string,
    data: Bytes | Promise<Bytes>,
    options: PublishOptions,
  ): Promise<void> {
    const queue = this.#queueOf(topic);
    if (queue.length >= MAX_QUEUE) {
      const message = `${MAX_QUEUE} signals already wait for the hub. Publish less, or await each.`;
      throw new SignalingError('overflow', message, { topic });
    }
    const bytes = isPromise(data) ? data : toBytes(data);
    const publishedAt = Date.now();
    const send = async (): Promise<void> => {
      const ready = isPromise(bytes) ? toBytes(await bytes) : bytes;
      await this.#send(queue, topic, ready, options, publishedAt);
    };
    const taken = options.keepalive ? send() : queue.tail.then(send);
    queue.tail = Promise.allSettled([queue.tail, taken]);
    queue.length++;
    return taken.finally(() => {
      queue.length--;
      if (queue.length === 0 && this.#queues.size > MAX_TOPICS) this.#queues.delete(topic);
    });
  }

  /** Tries at once what waits for its next attempt. */
  wake(): void {
    this.#awake.abort();
    this.#awake = new AbortController();
  }

  close(error: SignalingError): void {
    this.#closedBy = error;
    this.#abort.abort();
    this.wake();
  }

  /** Sends one update until the hub has taken it, refuses it, or the time is up. */
  async #send(
    queue: Queue,
    topic: string,
    bytes: Uint8Array,
    { keepalive = false, encoding = this.#options.encoding, ...fields }: PublishOptions,
    publishedAt: number,
  ): Promise<void> {
    const timeout = readTimeout(this.#options);
    const retry = readRetry(this.#options);
    const line = fields.private ? queue.private : queue.public;
    const sequence = ++line.sequence;
    const id = this.#createId(line, topic);
    const update: Update = { topics: [topic], data: encode(bytes, encoding), id, ...fields };
    for (let attempt = 0; ; attempt++) {
      this.#throwIfClosed();
      // What was refused with `keepalive` may fit without: all requests share a limit.
      const outlives = keepalive && attempt === 0;
      const awake = this.#awake.signal;
      try {
        await withTimeout(this.#abort.signal, Math.min(timeout, ATTEMPT_TIMEOUT), (signal) =>
          this.#connection.post(update, { keepalive: outlives, signal }),
        );
        queue.movedAt = Date.now();
        return;
      } catch (reason) {
        this.#throwIfClosed();
        const cause = reason as SignalingError;
        if (!isRetryable(cause)) {
          // The hub has not taken it, so the next one may have its number: no hole is seen.
          if (line.sequence === sequence) line.sequence--;
          throw cause;
        }
        // What was out of reach may be back since this attempt began.
        const delay = awake.aborted ? 0 : backoff(attempt, cause.retryAfter ?? 0, retry);
        if (Date.now() + delay > Math.max(publishedAt, queue.movedAt) + timeout) {
          const message = `The hub did not take a signal on "${topic}" within ${timeout} ms.`;
          throw new SignalingError('timeout', message, { cause, topic });
        }
        await wait(delay, awake);
      }
    }
  }

  #createId({ number, sequence }: Line, topic: string): string {
    const marked = this.#options.multiplex === 'always' ? topic : undefined;
    const id = this.#ids.create(number, sequence, marked);
    this.#ownIds.add(id);
    return id;
  }

  #throwIfClosed(): void {
    if (this.#closedBy) throw this.#closedBy;
  }

  #queueOf(topic: string): Queue {
    let queue = this.#queues.get(topic);
    if (!queue) {
      const newLine = (): Line => ({ number: this.#ids.newLine(), sequence: 0 });
      const [open, secret] = [newLine(), newLine()];
      queue = { length: 0, tail: Promise.resolve(), movedAt: 0, public: open, private: secret };
      this.#queues.set(topic, queue);
    }
    return queue;
  }
}

function isPromise(data: Bytes | Promise<Bytes>): data is Promise<Bytes> {
  return typeof (data as Partial<Promise<Bytes>> | null)?.then === 'function';
}

/** A copy: the caller may go on with its own. */
function toBytes(data: Bytes): Uint8Array {
  // Not `instanceof`: the bytes of another realm, such as a test page's in jsdom, are as good.
  if (ArrayBuffer.isView(data) || Array.isArray(data)) return new Uint8Array(data);
  throw new SignalingError('usage', 'Data must be bytes: encode it, for example with `json`.');
}

function encode(bytes: Uint8Array, encoding: Encoding | undefined): string {
  if (encoding !== 'text') return encodeBase64(bytes);
  try {
    return text.decode(bytes as Parameters<typeof text.decode>[0]);
  } catch (cause) {
    const message = "These bytes are no UTF-8, which `encoding: 'text'` needs.";
    throw new SignalingError('usage', message, { cause });
  }
}
