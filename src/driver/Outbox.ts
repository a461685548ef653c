import { encodeBase64, encodeUpdate } from '../mercure/index.js';
import { Pause, backoff } from './backoff.js';
import { text } from './codec.js';
import type { PublishOptions } from './Driver.js';
import type { HubClient } from './HubClient.js';
import { DEFAULT_TIMEOUT, type SseDriverOptions } from './options.js';
import { SignalingError, canPass } from './SignalingError.js';
import { formatUpdateId } from './updateId.js';

/** What is published on one topic, one after the other. */
interface Line {
  index: number;
  sequence: number;
  queued: number;
  tail: Promise<void>;
  /** When the hub last took one, in ms since the epoch: a long queue that moves is no outage. */
  movedAt: number;
}

/** More than this many publishes on one topic do not wait. */
const MAX_QUEUE = 10_000;
/** This many topics are remembered beyond their last publish, so that their sequence goes on. */
const MAX_LINES = 1_000;
/** One attempt is given up after this many ms, so that another one can be made. */
const ATTEMPT_TIMEOUT = 10_000;

/**
 * What this driver publishes: in order on each topic, again and again through what can pass. An
 * update keeps its id when it is sent again, so that its subscribers can drop the second.
 */
export class Outbox {
  readonly #client: HubClient;
  readonly #options: SseDriverOptions;
  readonly #publisherId: string;
  readonly #published: (id: string) => void;
  readonly #lines = new Map<string, Line>();
  readonly #pauses = new Set<Pause>();
  readonly #abort = new AbortController();
  #lineCount = 0;

  /** @param published Is told the id the hub gave to an update it took. */
  constructor(
    client: HubClient,
    options: SseDriverOptions,
    publisherId: string,
    published: (id: string) => void,
  ) {
    this.#client = client;
    this.#options = options;
    this.#publisherId = publisherId;
    this.#published = published;
  }

  async publish(topic: string, bytes: Uint8Array, options: PublishOptions): Promise<void> {
    const data = this.#encode(bytes);
    const line = this.#lineOf(topic);
    if (line.queued >= MAX_QUEUE) {
      const message = `${MAX_QUEUE} signals already wait for the hub. Publish less, or await each.`;
      throw new SignalingError('overflow', message, { topic });
    }
    const publishedAt = Date.now();
    const send = () => this.#send(line, topic, data, options, publishedAt);
    const taken = options.keepalive ? send() : line.tail.then(send);
    line.tail = taken.catch(() => {});
    line.queued++;
    return taken.finally(() => {
      line.queued--;
      if (line.queued === 0 && this.#lines.size > MAX_LINES) this.#lines.delete(topic);
    });
  }

  /** Tries at once what waits for its next attempt. */
  wake(): void {
    for (const pause of this.#pauses) pause.end();
  }

  close(error: SignalingError): void {
    this.#abort.abort(error);
    this.wake();
  }

  /** Sends one update until the hub has taken it, refuses it, or the time is up. */
  async #send(
    line: Line,
    topic: string,
    data: string,
    { keepalive = false, ...fields }: PublishOptions,
    publishedAt: number,
  ): Promise<void> {
    const { timeout = DEFAULT_TIMEOUT, multiplex, retry } = this.#options;
    const { signal } = this.#abort;
    const sequence = ++line.sequence;
    const marked = multiplex === 'always' ? topic : undefined;
    const id = formatUpdateId(this.#publisherId, line.index, sequence, marked);
    const form = encodeUpdate({ topics: [topic], data, id, ...fields });
    for (let attempt = 0; ; attempt++) {
      signal.throwIfAborted();
      // Not AbortSignal.timeout, whose timer Node 20 forgets within AbortSignal.any.
      const limit = new AbortController();
      const timer = setTimeout(() => limit.abort(), Math.min(timeout, ATTEMPT_TIMEOUT));
      const either = AbortSignal.any([signal, limit.signal]);
      try {
        const given = await this.#client.post(form, keepalive, either);
        line.movedAt = Date.now();
        return this.#published(given || id);
      } catch (reason) {
        signal.throwIfAborted();
        const cause = reason as SignalingError;
        if (!canPass(cause)) {
          // The hub has not taken it, so the next one may have its number: no hole is seen.
          if (line.sequence === sequence) line.sequence--;
          throw cause;
        }
        const delay = backoff(attempt, cause.retryAfter, retry);
        if (Date.now() + delay > Math.max(publishedAt, line.movedAt) + timeout) {
          const message = `The hub did not take a signal on "${topic}" within ${timeout} ms.`;
          throw new SignalingError('timeout', message, { cause, topic });
        }
        await this.#pause(delay);
      } finally {
        clearTimeout(timer);
      }
    }
  }

  async #pause(delay: number): Promise<void> {
    const pause = new Pause();
    this.#pauses.add(pause);
    await pause.wait(delay);
    this.#pauses.delete(pause);
  }

  #encode(bytes: Uint8Array): string {
    if (this.#options.encoding !== 'text') return encodeBase64(bytes);
    try {
      return text.decode(bytes as Uint8Array<ArrayBuffer>);
    } catch (cause) {
      const message = "These bytes are no UTF-8, which `encoding: 'text'` needs.";
      throw new SignalingError('usage', message, { cause });
    }
  }

  #lineOf(topic: string): Line {
    let line = this.#lines.get(topic);
    if (!line) {
      const index = ++this.#lineCount;
      line = { index, sequence: 0, queued: 0, tail: Promise.resolve(), movedAt: 0 };
      this.#lines.set(topic, line);
    }
    return line;
  }
}
