import type { SignalEvent } from '../driver/index.js';

/** One signal that came or went. */
export interface LoggedSignal {
  /** Counts them, from 1. */
  readonly number: number;
  /** When, in ms since the epoch. */
  readonly at: number;
  /** Whether it came, or was published here. */
  readonly direction: 'in' | 'out';
  /** The topic; the names of the subscription where the hub does not name it. */
  readonly topic: string;
  /** Its type. */
  readonly type: string;
  /** Its id, where it has one. */
  readonly id: SignalEvent['id'];
  /** Whether it came back to the driver that published it. */
  readonly own: boolean;
  /** Its bytes. */
  readonly bytes: Uint8Array;
}

/** Remembers the last signals in a ring, so that writing one costs the same however many there were. */
export class SignalLog {
  readonly #ring: LoggedSignal[] = [];
  readonly #size: number;
  #written = 0;
  #cleared = 0;

  constructor(size: number) {
    this.#size = size;
  }

  write({ at, direction, topic, type, id, own, bytes }: Omit<LoggedSignal, 'number'>): void {
    const place = this.#written % this.#size;
    this.#written++;
    // Field by field: a spread costs as much as receiving the signal.
    this.#ring[place] = { number: this.#written, at, direction, topic, type, id, own, bytes };
  }

  /** The last ones, newest first. */
  last(count: number): readonly LoggedSignal[] {
    const oldest = Math.max(this.#cleared, this.#written - Math.min(count, this.#size));
    return Array.from(
      { length: this.#written - oldest },
      (_, index) => this.#ring[(this.#written - 1 - index) % this.#size]!,
    );
  }

  clear(): void {
    this.#cleared = this.#written;
  }
}
