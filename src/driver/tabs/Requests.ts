import type { Update } from '../../mercure/index.js';
import { SignalingError } from '../SignalingError.js';

interface Request {
  readonly update: Update;
  readonly settle: (id: string, error?: SignalingError) => void;
}

/** What a tab has asked the leader to post, and what has not been answered yet. */
export class Requests {
  readonly #ask: (request: number, update: Update) => void;
  readonly #pending = new Map<number, Request>();
  #count = 0;

  /** @param ask Hands a request to the leader, if there is one. */
  constructor(ask: (request: number, update: Update) => void) {
    this.#ask = ask;
  }

  /** Posts through the leader. Resolves with the id that the hub gave the update. */
  post(update: Update, signal: AbortSignal): Promise<string> {
    const request = ++this.#count;
    return new Promise((resolve, reject) => {
      const settle = (id: string, error?: SignalingError): void => {
        this.#pending.delete(request);
        signal.removeEventListener('abort', giveUp);
        if (error) reject(error);
        else resolve(id);
      };
      const giveUp = (): void => settle('', noAnswer());
      signal.addEventListener('abort', giveUp);
      this.#pending.set(request, { update, settle });
      this.#ask(request, update);
    });
  }

  /** The leader has answered. */
  settle(request: number, id: string, error: SignalingError | undefined): void {
    this.#pending.get(request)?.settle(id, error);
  }

  /** Asks a new leader for what the one before it has not answered. */
  askAgain(): void {
    for (const [request, { update }] of this.#pending) this.#ask(request, update);
  }
}

function noAnswer(): SignalingError {
  return new SignalingError('unreachable', 'No tab has taken this signal to the hub in time.');
}
