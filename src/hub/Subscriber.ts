import { encodeMark, HEARTBEAT } from '../mercure/index.js';
import type { EncodedUpdate } from './EncodedUpdate.js';
import { Frame } from './Frame.js';
import type { Grants } from './grants.js';
import type { History } from './History.js';
import type { SelectorSet } from './selectors.js';
import type { Sink, StreamSource } from './Sink.js';

/** How much may wait for a reader that has not kept up: updates, and their bytes. */
const MAX_WAITING = 1_000;
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

/** How many updates of the history are looked at before the clock is. */
const STRIDE = 16;

/** Made when first sent: it takes a `TextEncoder`. */
let heartbeat: Frame | undefined;

/** The hub of a subscriber. */
export interface SubscriberHost {
  readonly history: History;
  /** Whether a mark ends a replay. */
  readonly isMarked: boolean;
  /** Asks for `replay()`, then for the updates that follow. */
  opened(subscriber: Subscriber): void;
  /** It has left, or was made to. */
  left(subscriber: Subscriber): void;
}

interface SubscriberInit {
  host: SubscriberHost;
  selected: SelectorSet;
  grants: Grants | undefined;
  /** The position in the history it goes on from. */
  position: number;
  /** When it ends, in ms since the epoch; `Infinity` for never. */
  endsAt: number;
}

/** One open stream: what it may see, and what its reader has not taken yet. */
export class Subscriber implements StreamSource {
  readonly selected: SelectorSet;
  readonly grants: Grants | undefined;
  readonly endsAt: number;
  /** Whether it was cut because its reader was too slow. */
  isDropped = false;
  /** When something was last written, in ms since the epoch. */
  spokeAt = 0;
  readonly #host: SubscriberHost;
  #id: string | undefined;
  #sink: Sink | undefined;
  #position: number;
  /** `undefined` while the reader keeps up. */
  #waiting: Frame[] | undefined;
  #waitingBytes = 0;
  #state: 'replaying' | 'live' | 'frozen' | 'ending' | 'gone' = 'replaying';

  constructor(init: SubscriberInit) {
    this.#host = init.host;
    this.selected = init.selected;
    this.grants = init.grants;
    this.endsAt = init.endsAt;
    this.#position = init.position;
  }

  get id(): string {
    return (this.#id ??= `urn:uuid:${crypto.randomUUID()}`);
  }

  open(sink: Sink): void {
    this.#sink = sink;
    this.#beat();
    this.#host.opened(this);
  }

  /**
   * Sends what the history has behind its position, until `deadline` (as `performance.now()` counts)
   * or until the reader needs a pause.
   *
   * @returns whether it has caught up; then it takes what comes.
   */
  replay(deadline: number): 'live' | 'waiting' | 'unfinished' | 'gone' {
    const uncork = this.cork();
    const state = this.#replay(deadline);
    uncork();
    return state;
  }

  /** Holds back what is sent until the function that it returns is called. */
  cork(): () => void {
    const sink = this.#sink;
    sink?.cork();
    return () => sink?.uncork();
  }

  #beat(): void {
    heartbeat ??= new Frame(HEARTBEAT);
    this.send(heartbeat);
  }

  #replay(deadline: number): 'live' | 'waiting' | 'unfinished' | 'gone' {
    const { history, isMarked } = this.#host;
    for (let count = 1; this.#state === 'replaying'; count++) {
      if (this.#waiting) return 'waiting';
      // The history has dropped what comes next.
      if (!history.reaches(this.#position)) this.#drop();
      else if (this.#position < history.end) {
        const update = history.at(this.#position++)!;
        if (update.topics.some((topic) => this.selected.has(topic))) this.deliver(update);
        if (count % STRIDE === 0 && performance.now() > deadline) return 'unfinished';
      } else {
        if (isMarked) this.send(new Frame(encodeMark(history.lastIdFor(this.grants))));
        this.selected.compact();
        this.#state = 'live';
        return 'live';
      }
    }
    return 'gone';
  }

  /** Sends an update that it selects, unless that is private to others. */
  deliver(update: EncodedUpdate): boolean {
    if (!update.isVisibleTo(this.grants)) return false;
    // 0.x does not tell subscribers of themselves.
    if (update.isAbout(this.id)) return false;
    this.send(update.frameFor(this.grants));
    return true;
  }

  send(frame: Frame): void {
    if (!this.#sink) return;
    if (!this.#waiting) {
      this.spokeAt = Date.now();
      if (!this.#sink.write(frame)) this.#waiting = [];
      return;
    }
    const { length } = this.#waiting;
    if (length > 0 && (length >= MAX_WAITING || this.#waitingBytes > MAX_WAITING_BYTES)) {
      return this.#drop();
    }
    this.#waiting.push(frame);
    this.#waitingBytes += frame.chunk.byteLength;
  }

  /** Shows that the stream lives, where it has been silent since `since`. */
  beat(since: number): void {
    if (this.#state !== 'frozen' && this.spokeAt <= since && !this.#waiting) this.#beat();
  }

  resume(): void {
    const waiting = this.#waiting;
    if (!waiting || !this.#sink) return;
    this.#waiting = undefined;
    this.#waitingBytes = 0;
    for (const [index, frame] of waiting.entries()) {
      this.send(frame);
      if (!this.#waiting) continue;
      // The reader needs another pause.
      for (const rest of waiting.slice(index + 1)) this.send(rest);
      return;
    }
    if (this.#state === 'replaying') this.#host.opened(this);
    if (this.#state === 'ending') this.#close((sink) => sink.end());
  }

  /** Ends the stream cleanly, after what was sent. */
  end(): void {
    if (this.#state === 'gone') return;
    if (!this.#waiting) return this.#close((sink) => sink.end());
    if (this.#state !== 'ending') this.#host.left(this);
    this.#state = 'ending';
  }

  /** Ends it because its time is over. */
  expire(): void {
    if (this.#state === 'frozen') return;
    // A reader that has not kept up would hold the memory; it can go on from its last id.
    if (this.#waiting) this.#drop();
    else this.end();
  }

  /** Breaks the stream off, and drops what was not taken. */
  cut(): void {
    this.#close((sink) => sink.cut());
  }

  leave(): void {
    this.#close(() => {});
  }

  /** Falls silent for good, with the stream left open. */
  freeze(): void {
    this.#state = 'frozen';
  }

  /** Its reader is too slow. */
  #drop(): void {
    this.isDropped = true;
    this.cut();
  }

  #close(how: (sink: Sink) => void): void {
    const sink = this.#sink;
    if (!sink || this.#state === 'gone') return;
    const wasEnding = this.#state === 'ending';
    this.#state = 'gone';
    this.#sink = this.#waiting = undefined;
    how(sink);
    if (!wasEnding) this.#host.left(this);
  }
}
