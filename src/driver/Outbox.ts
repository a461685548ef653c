import { encodeBase64, encodeUpdate } from '../mercure/index.js';
import { Pause, backoff } from './backoff.js';
import { text } from './codec.js';
import type { PublishOptions } from './Driver.js';
import { Setback, type HubClient } from './HubClient.js';
import { DEFAULT_TIMEOUT, type SseDriverOptions } from './options.js';
import { SignalingError } from './SignalingError.js';
import { formatUpdateId } from './updateId.js';

/** What the driver is told. */
export interface OutboxOwner {
  readonly publisherId: string;
  /** The hub took an update and gave it this id. */
  published(id: string): void;
  changed(): void;
}

interface Item {
  data: string;
  options: PublishOptions;
  at: number;
  resolve(): void;
  reject(error: SignalingError): void;
}

/** What is published on one topic, one after the other. */
interface Line {
  topic: string;
  index: number;
  sequence: number;
  items: Item[];
  /** When the hub last took one, in ms since the epoch: a long queue that moves is no outage. */
  movedAt: number;
}

/** More than this many publishes on one topic do not wait. */
const MAX_QUEUE = 10_000;
/** This many idle lines are remembered, so that their sequence goes on. */
const MAX_LINES = 1_000;

/**
 * What this driver publishes: in order on each topic, again and again through what can pass. An
 * update keeps its id when it is sent again, so that its subscribers can drop the second.
 */
export class Outbox {
  readonly #client: HubClient;
  readonly #options: SseDriverOptions;
  readonly #owner: OutboxOwner;
  readonly #lines = new Map<string, Line>();
  readonly #abort = new AbortController();
  readonly #pauses = new Set<Pause>();
  #lineCount = 0;

  constructor(client: HubClient, options: SseDriverOptions, owner: OutboxOwner) {
    this.#client = client;
    this.#options = options;
    this.#owner = owner;
  }

  /** How many are not taken yet. */
  get queued(): number {
    let queued = 0;
    for (const { items } of this.#lines.values()) queued += items.length;
    return queued;
  }

  publish(topic: string, bytes: Uint8Array, options: PublishOptions): Promise<void> {
    const data = this.#encode(bytes);
    const line = this.#lineOf(topic);
    if (options.keepalive) return this.#send(line, { data, options, at: Date.now() });
    if (line.items.length >= MAX_QUEUE) {
      const message = `${MAX_QUEUE} signals already wait for the hub. Publish less, or await each one.`;
      return Promise.reject(new SignalingError('overflow', message, { topic }));
    }
    return new Promise((resolve, reject) => {
      line.items.push({ data, options, at: Date.now(), resolve, reject });
      if (line.items.length === 1) void this.#drain(line);
      this.#owner.changed();
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

  async #drain(line: Line): Promise<void> {
    for (let item; (item = line.items[0]); ) {
      try {
        await this.#send(line, item);
        item.resolve();
      } catch (error) {
        item.reject(error as SignalingError);
      }
      line.items.shift();
      this.#owner.changed();
    }
  }

  /** Sends one update until the hub has taken it, refuses it, or the time is up. */
  async #send(line: Line, { data, options, at }: Omit<Item, 'resolve' | 'reject'>): Promise<void> {
    const { topic } = line;
    const { timeout = DEFAULT_TIMEOUT, multiplex, retry } = this.#options;
    const { keepalive = false, ...fields } = options;
    const { signal } = this.#abort;
    const marked = multiplex === 'always' ? topic : undefined;
    const sequence = ++line.sequence;
    const id = formatUpdateId(this.#owner.publisherId, line.index, sequence, marked);
    const form = encodeUpdate({ topics: [topic], data, id, ...fields });
    for (let attempt = 0; ; attempt++) {
      signal.throwIfAborted();
      try {
        const given = await this.#client.post(form, keepalive, signal);
        line.movedAt = Date.now();
        return this.#owner.published(given || id);
      } catch (reason) {
        if (!(reason instanceof Setback)) {
          // The hub has not taken it, so the next one may have its number: no hole is seen.
          if (line.sequence === sequence) line.sequence--;
          throw reason;
        }
        const delay = backoff(attempt, reason.delay, retry);
        if (Date.now() + delay > Math.max(at, line.movedAt) + timeout) {
          throw new SignalingError(
            'timeout',
            `The hub did not take an update on "${topic}" within ${timeout} ms. It may be down; see the cause.`,
            { cause: reason.error, status: reason.error.status, topic },
          );
        }
        await this.#pause(delay);
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
      throw new SignalingError(
        'usage',
        "These bytes are no UTF-8, so `encoding: 'text'` cannot carry them. Use the default, base64.",
        { cause },
      );
    }
  }

  #lineOf(topic: string): Line {
    let line = this.#lines.get(topic);
    this.#lines.delete(topic);
    line ??= { topic, index: ++this.#lineCount, sequence: 0, items: [], movedAt: 0 };
    this.#lines.set(topic, line);
    for (const [name, { items }] of this.#lines) {
      if (this.#lines.size <= MAX_LINES) break;
      if (items.length === 0 && name !== topic) this.#lines.delete(name);
    }
    return line;
  }
}
