import { HEARTBEAT } from '../mercure/index.js';
import type { EncodedUpdate } from './EncodedUpdate.js';
import type { Grants } from './grants.js';
import type { SelectorSet } from './selectors.js';

/** How many updates may wait for a slow reader; one of many bytes counts once per 64 KiB. */
const MAX_BUFFERED = 1000;
const UNIT = 64 * 1024;

/** The longest a timer can wait. */
const MAX_TIMEOUT = 2 ** 31 - 1;

const heartbeat = new TextEncoder().encode(HEARTBEAT);

export interface SubscriberInit {
  selected: SelectorSet;
  grants: Grants | undefined;
  /** In ms; 0 for none. */
  heartbeatInterval: number;
  /** In ms; 0 for no end. */
  writeTimeout: number;
  /** It has left, or was made to. */
  onLeave: (subscriber: Subscriber) => void;
}

/** One open stream: what it may see, and what it has not read yet. */
export class Subscriber {
  readonly id = `urn:uuid:${crypto.randomUUID()}`;
  readonly selected: SelectorSet;
  readonly grants: Grants | undefined;
  readonly #init: SubscriberInit;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #capacity = MAX_BUFFERED;
  #spokeAt = 0;
  #heartbeat: ReturnType<typeof setTimeout> | undefined;
  #end: ReturnType<typeof setTimeout> | undefined;

  constructor(init: SubscriberInit) {
    this.#init = init;
    this.selected = init.selected;
    this.grants = init.grants;
  }

  /** Opens the stream, which begins with `backlog` however long that is. */
  open(backlog: readonly Uint8Array[]): ReadableStream<Uint8Array> {
    const first = [heartbeat, ...backlog];
    this.#capacity += first.reduce((sum, bytes) => sum + units(bytes), 0);
    const stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        cancel: () => this.#leave(),
      },
      { highWaterMark: this.#capacity, size: units },
    );
    for (const bytes of first) this.send(bytes);
    this.#beat();
    const lifetime = this.#lifetime();
    if (lifetime < Infinity) {
      this.#end = setTimeout(() => this.#expire(), Math.min(lifetime, MAX_TIMEOUT));
    }
    return stream;
  }

  /** What it sees of an update it selects; `undefined` where that is private to others. */
  view(update: EncodedUpdate): Uint8Array | undefined {
    const granted = (topic: string) => this.grants?.subscribe.has(topic) ?? false;
    if (update.private && !update.topics.some(granted)) return undefined;
    if (update.topics.length === 1) return update.bytes();
    // The other topics of a private update may tell who else it is for.
    const discloses = (topic: string) => this.selected.spells(topic) || granted(topic);
    const visible = update.topics.filter(
      (topic) => this.selected.has(topic) && (!update.private || discloses(topic)),
    );
    return update.bytes(visible);
  }

  selects({ topics }: EncodedUpdate): boolean {
    return topics.some((topic) => this.selected.has(topic));
  }

  send(bytes: Uint8Array): void {
    if (!this.#controller) return;
    if (this.#controller.desiredSize! <= 0) {
      this.cut();
      return;
    }
    this.#spokeAt = Date.now();
    this.#controller.enqueue(bytes);
  }

  /** Ends the stream cleanly, after what was sent. */
  end(): void {
    this.#controller?.close();
    this.#leave();
  }

  /** Breaks the stream off, and drops what was not read. */
  cut(): void {
    this.#controller?.error(new Error('The hub has cut this stream.'));
    this.#leave();
  }

  /** Falls silent for good, with the stream left open. */
  freeze(): void {
    clearTimeout(this.#heartbeat);
    clearTimeout(this.#end);
  }

  #leave(): void {
    if (!this.#controller) return;
    this.#controller = undefined;
    clearTimeout(this.#heartbeat);
    clearTimeout(this.#end);
    this.#init.onLeave(this);
  }

  #expire(): void {
    const isRead = this.#controller?.desiredSize === this.#capacity;
    // Who has not kept up would hold the memory for ever; it can go on from its last id.
    if (isRead) this.end();
    else this.cut();
  }

  /** In ms. Spread, so that not all of a hub's subscribers reconnect at once. */
  #lifetime(): number {
    const spread = 0.8 + Math.random() * 0.2;
    const byTimeout = this.#init.writeTimeout ? this.#init.writeTimeout * spread : Infinity;
    const { expiresAt } = this.grants ?? {};
    if (expiresAt === undefined) return byTimeout;
    const life = expiresAt - Date.now();
    // Five seconds early, but a short life is not cut to nothing.
    return Math.min(byTimeout, Math.max(life * spread - 5000, life / 2));
  }

  #beat(): void {
    const interval = this.#init.heartbeatInterval;
    if (!interval) return;
    if (Date.now() - this.#spokeAt >= interval) this.send(heartbeat);
    if (!this.#controller) return;
    const silence = Date.now() - this.#spokeAt;
    this.#heartbeat = setTimeout(() => this.#beat(), interval - silence);
  }
}

function units(bytes: Uint8Array): number {
  return Math.ceil(bytes.byteLength / UNIT);
}
