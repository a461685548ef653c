import { setTimeout as delay } from 'node:timers/promises';
import { SseDriver, type SignalingError } from '../../src/driver/index.js';
import { FaultProxy, type Fault } from '../servers/faultProxy.js';
import { Random } from '../servers/random.js';
import type { OpenHub, TestHub } from '../servers/TestHub.js';
import { drawFault, FAULTS, type Scene } from './faults.js';

export interface SoakOptions {
  seed: number;
  signals: number;
  faults: number;
}

/** How one run stands. */
export interface SoakReport {
  sent: number;
  heard: number;
  /** How often each kind of fault struck. */
  faults: Map<string, number>;
  /** What should not be: nothing may stand in these lists. */
  lost: string[];
  doubled: string[];
  disordered: string[];
  rejected: string[];
  gaps: string[];
  errors: string[];
  /** Lost, and reported by a `gap`: what a hub can give back to nobody. */
  told: string[];
  seconds: number;
}

const TOPICS = Array.from({ length: 5 }, (_, index) => `https://example.com/soak/${index}`);
const SENDERS = 3;
/** How many signals of one sender wait on one topic. */
const WINDOW = 10;
/** What has not arrived so long after the last publish, in ms, counts as lost. */
const PATIENCE = 60_000;

/** The signals of one sender on one topic. */
class Line {
  sent = 0;
  /** The next number that should arrive. */
  next = 0;
  readonly missing = new Set<number>();

  constructor(
    readonly sender: number,
    readonly topic: string,
  ) {}
}

/** Random faults over numbered signals, on one hub. */
export class Soak {
  readonly report: SoakReport = {
    sent: 0,
    heard: 0,
    faults: new Map(),
    lost: [],
    doubled: [],
    disordered: [],
    rejected: [],
    gaps: [],
    errors: [],
    told: [],
    seconds: 0,
  };
  readonly #options: SoakOptions;
  /** Draws the kinds alone, so that their order is the same on every hub. */
  readonly #kinds: Random;
  readonly #lines: Line[] = [];
  readonly #armed: { verb: string; left: number; fault: () => Fault }[] = [];
  /** Topics with a gap that is the truth, by the kind of the hub. */
  readonly #toldTopics = new Set<string>();
  #hasTrueGaps = false;
  #struck = 0;
  #stopped = false;

  constructor(options: SoakOptions) {
    this.#options = options;
    this.#kinds = new Random(options.seed);
  }

  get struck(): number {
    return this.#struck;
  }

  /** Sends no more, and lets {@link run} come to its end. */
  stop(): void {
    this.#stopped = true;
  }

  async run(openHub: OpenHub): Promise<SoakReport> {
    const startedAt = Date.now();
    const hub = await openHub();
    this.#hasTrueGaps = hub.hasTrueGaps;
    const proxy = await FaultProxy.start(hub.url, this.#options.seed);
    const scene = this.#setScene(hub, proxy);
    const receiver = this.#receiver(proxy.url);
    const senders = await this.#senders(proxy.url, hub);
    try {
      await Promise.all(TOPICS.map((topic) => this.#listen(receiver, topic)));
      const striking = this.#strike(scene);
      await Promise.all(this.#lines.map((line) => this.#send(senders[line.sender]!, line)));
      await striking;
      await this.#drain();
    } finally {
      for (const driver of [receiver, ...senders]) driver.destroy();
      await proxy.close();
      await hub.close();
    }
    this.#findLost();
    this.report.seconds = (Date.now() - startedAt) / 1000;
    return this.report;
  }

  #setScene(hub: TestHub, proxy: FaultProxy): Scene {
    proxy.decide = ({ method }) => {
      const verb = method === 'POST' ? 'publish' : 'subscribe';
      const armed = this.#armed.find((each) => each.verb === verb);
      if (!armed) return undefined;
      if (--armed.left <= 0) this.#armed.splice(this.#armed.indexOf(armed), 1);
      return armed.fault();
    };
    return {
      hub,
      proxy,
      random: proxy.random,
      arm: (verb, left, fault) => void this.#armed.push({ verb, left, fault }),
      hears: async (more) => {
        const target = this.report.heard + more;
        while (this.report.heard < target && !this.#isDrained) await delay(2);
      },
    };
  }

  #receiver(url: string): SseDriver {
    const receiver = new SseDriver({ url, heartbeatTimeout: 2_000, retry: { base: 20, max: 200 } });
    receiver.on('gap', (gap) => {
      if (!this.#hasTrueGaps) this.report.gaps.push(JSON.stringify(gap));
      else for (const topic of gap.topics) this.#toldTopics.add(topic);
    });
    receiver.on('error', ({ message }) => this.report.errors.push(message));
    return receiver;
  }

  async #senders(url: string, hub: TestHub): Promise<SseDriver[]> {
    const headers = await hub.authorize();
    return Array.from({ length: SENDERS }, (_, sender) => {
      for (const topic of TOPICS) this.#lines.push(new Line(sender, topic));
      return new SseDriver({ url, publisher: { headers }, retry: { base: 20, max: 200 } });
    });
  }

  async #listen(receiver: SseDriver, topic: string): Promise<void> {
    const lines = this.#lines.filter((line) => line.topic === topic);
    await receiver.subscribe(topic, (bytes) => {
      const [sender, number] = new TextDecoder().decode(bytes).split(' ').map(Number);
      this.#hear(lines[sender!]!, number!);
    });
  }

  #hear(line: Line, number: number): void {
    this.report.heard++;
    const name = nameOf(line, number);
    if (number < line.next) {
      const late = line.missing.delete(number);
      this.report[late ? 'disordered' : 'doubled'].push(name);
      return;
    }
    while (line.next < number) line.missing.add(line.next++);
    line.next++;
  }

  async #send(sender: SseDriver, line: Line): Promise<void> {
    const { report } = this;
    const { signals } = this.#options;
    const waiting = new Set<Promise<void>>();
    while (report.sent < signals && !this.#stopped) {
      report.sent++;
      const number = line.sent++;
      const signal = new TextEncoder().encode(
        `${line.sender} ${number} ${'.'.repeat(number % 300)}`,
      );
      const taken = sender
        .publish(line.topic, signal)
        .catch(({ message }: SignalingError) => void report.rejected.push(message))
        .finally(() => waiting.delete(taken));
      waiting.add(taken);
      if (waiting.size >= WINDOW) await Promise.race(waiting);
    }
    await Promise.all(waiting);
  }

  /** Spreads the faults over the signals. */
  async #strike(scene: Scene): Promise<void> {
    const { signals, faults } = this.#options;
    while (this.#struck < faults && !this.#stopped) {
      if (this.report.sent < (signals * this.#struck) / faults) {
        await delay(2);
        continue;
      }
      const kind = drawFault(this.#kinds);
      this.#struck++;
      this.report.faults.set(kind, (this.report.faults.get(kind) ?? 0) + 1);
      await FAULTS[kind]!.strike(scene);
    }
  }

  get #isDrained(): boolean {
    return this.#lines.every(({ next, sent, missing }) => next >= sent && missing.size === 0);
  }

  /** Waits for what is still under way. */
  async #drain(): Promise<void> {
    const deadline = Date.now() + PATIENCE;
    while (!this.#isDrained && Date.now() < deadline && !this.#stopped) await delay(20);
    // What comes twice may come a little later.
    await delay(1_000);
  }

  /** Of a run that was cut short it is not known what was still to come. */
  #findLost(): void {
    if (this.#stopped) return;
    for (const line of this.#lines) {
      while (line.next < line.sent) line.missing.add(line.next++);
      const isTold = this.#toldTopics.has(line.topic);
      for (const number of line.missing) {
        this.report[isTold ? 'told' : 'lost'].push(nameOf(line, number));
      }
    }
  }
}

function nameOf({ sender, topic }: Line, number: number): string {
  return `${number} of sender ${sender} on ${topic}`;
}
