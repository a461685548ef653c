import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { SseDriver } from '../../src/driver/index.js';
import type {
  Connection,
  Gap,
  SignalEvent,
  SignalingError,
  SseDriverOptions,
} from '../../src/driver/index.js';
import type { FaultProxy, ProxiedStream } from '../servers/faultProxy.js';
import type { TestHub } from '../servers/TestHub.js';

export const TOPICS = ['https://example.com/one', 'two', 'https://example.com/三'] as const;

/** At least so many signals go over each topic. */
const SIGNALS = 60;
/** How long anything may take to be mended, in ms. */
const PATIENCE = 45_000;

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** What became of the signals; all of it should be empty. */
export interface Verdict {
  lost: string[];
  doubled: string[];
  disordered: string[];
  rejected: SignalingError[];
}

/**
 * One who publishes numbered signals on three topics and one who listens, through a proxy that
 * breaks what it is told to.
 */
export class Trial {
  readonly hub: TestHub;
  readonly proxy: FaultProxy;
  readonly sender: SseDriver;
  readonly receiver: SseDriver;
  readonly gaps: Gap[] = [];
  readonly errors: SignalingError[] = [];
  /** Everything the receiver said about its connection. */
  readonly connections: Connection[] = [];
  /** What was heard, in order. */
  readonly events: SignalEvent[] = [];
  /** How long a pause between signals may be, in ms. */
  pace = 8;
  readonly #heard = new Map<string, number[]>(TOPICS.map((topic) => [topic, []]));
  readonly #rejected: SignalingError[] = [];
  readonly #publishes: Promise<void>[] = [];
  #sent = 0;
  #flows = true;
  #flow = Promise.resolve();

  constructor(
    hub: TestHub,
    proxy: FaultProxy,
    headers: Record<string, string>,
    options: SseDriverOptions,
  ) {
    this.hub = hub;
    this.proxy = proxy;
    const common = { url: proxy.url, retry: { base: 20, max: 100 }, ...options };
    this.sender = new SseDriver({ publisher: { headers }, ...common });
    this.receiver = new SseDriver(common);
    this.receiver.on('connection', (connection) => this.connections.push(connection));
    this.receiver.on('gap', (gap) => this.gaps.push(gap));
    this.receiver.on('error', (error) => this.errors.push(error));
  }

  /** How many signals have arrived. */
  get heard(): number {
    return this.events.length;
  }

  async listen(): Promise<void> {
    await Promise.all(
      TOPICS.map((topic) =>
        this.receiver.subscribe(topic, (bytes, event) => {
          this.events.push(event);
          this.#heard.get(topic)!.push(Number.parseInt(decode(bytes)));
        }),
      ),
    );
  }

  /** Publishes on all topics, every few ms, waiting for nobody. */
  start(): void {
    this.#flows = true;
    this.#flow = this.#publishOn();
  }

  /** Ends that, and waits until everything has arrived. */
  async stop(): Promise<void> {
    await this.#stopFlow();
    const last = this.#sent - 1;
    await until(() => this.#hasHeard(last), 'the last signal');
  }

  /** Publishes the next number on every topic, with so many letters more. */
  publish(letters = 0): void {
    const number = this.#sent++;
    for (const topic of TOPICS) {
      const taken = this.sender.publish(topic, encode(`${number} 👋🏽 ${'x'.repeat(letters)}`));
      this.#publishes.push(taken.catch((error) => void this.#rejected.push(error)));
    }
  }

  /** Waits until so many more signals have arrived: traffic flows. */
  async hears(more: number): Promise<void> {
    const target = this.heard + more;
    await until(() => this.heard >= target, `${more} more signals`);
  }

  /** Does something to every stream, and waits until as many new ones are open. */
  async breaks(how: (stream: ProxiedStream) => void): Promise<void> {
    const streams = [...this.proxy.streams];
    for (const stream of streams) how(stream);
    await this.reopens(streams.length);
  }

  /** Waits for so many streams more. */
  async reopens(count = 1): Promise<void> {
    const target = this.proxy.opened + count;
    const isBack = () => this.proxy.opened >= target && this.receiver.active;
    await until(isBack, `${count} new streams`);
  }

  async becomes(status: Connection['status']): Promise<void> {
    await until(() => this.receiver.connection.status === status, `the status ${status}`);
  }

  /** Ends the traffic and waits until everything has arrived that will. */
  async settle(): Promise<Verdict> {
    await this.#stopFlow();
    // Streams are in order: once the very last signal is here, so is all that ever comes.
    this.publish();
    await this.stop().catch(() => {});
    return this.#judge();
  }

  /** Waits until the hub has answered every publish. */
  async taken(): Promise<void> {
    await Promise.all(this.#publishes);
  }

  destroy(): void {
    this.#flows = false;
    this.sender.destroy();
    this.receiver.destroy();
  }

  async #publishOn(): Promise<void> {
    while (this.#flows || this.#sent < SIGNALS) {
      this.publish();
      await delay(this.proxy.random.between(1, this.pace));
    }
  }

  async #stopFlow(): Promise<void> {
    this.#flows = false;
    await this.#flow;
    await this.taken();
  }

  #hasHeard(number: number): boolean {
    return TOPICS.every((topic) => this.#heard.get(topic)!.includes(number));
  }

  #judge(): Verdict {
    const verdict: Verdict = { lost: [], doubled: [], disordered: [], rejected: this.#rejected };
    for (const [topic, heard] of this.#heard) {
      const seen = new Set<number>();
      let newest = -1;
      for (const number of heard) {
        if (seen.has(number)) verdict.doubled.push(`${topic} ${number}`);
        else if (number < newest) verdict.disordered.push(`${topic} ${number} after ${newest}`);
        seen.add(number);
        newest = Math.max(newest, number);
      }
      for (let number = 0; number < this.#sent; number++) {
        if (!seen.has(number)) verdict.lost.push(`${topic} ${number}`);
      }
    }
    return verdict;
  }
}

/** Waits for a condition; `what` says what did not come. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  // Not Date, whose clock may run faster.
  const deadline = performance.now() + PATIENCE;
  while (!condition()) {
    if (performance.now() > deadline) expect.fail(`Waited ${PATIENCE} ms in vain for ${what}.`);
    await delay(5);
  }
}
