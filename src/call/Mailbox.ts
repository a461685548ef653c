import type { ChannelMessage } from './messages.js';

type NumberedMessage = Extract<ChannelMessage, { type: 'message' }>;

/** How many messages are kept for a peer that is out of reach. */
const MAX_KEPT = 500;

/** The messages of one pair: each is kept until it has arrived, and is shown once. */
export class Mailbox {
  // From the clock, so that a mailbox made later goes on above.
  #sent = Date.now();
  #received = 0;
  #kept: readonly NumberedMessage[] = [];

  /** What the peer does not have yet, in order. */
  get kept(): readonly NumberedMessage[] {
    return this.#kept;
  }

  /** How far the messages of the peer have arrived. */
  get received(): number {
    return this.#received;
  }

  /** Numbers a message, and keeps it. */
  keep(channel: string, body: unknown): NumberedMessage {
    this.#sent += 1;
    const message = { type: 'message', number: this.#sent, channel, body } as const;
    this.#kept = [...this.#kept, message].slice(-MAX_KEPT);
    return message;
  }

  /** The peer has everything up to this number. */
  forget(received: number): void {
    this.#kept = this.#kept.filter(({ number }) => number > received);
  }

  /** Whether a message of the peer is no repetition. */
  take({ number }: NumberedMessage): boolean {
    if (number <= this.#received) return false;
    this.#received = number;
    return true;
  }
}
