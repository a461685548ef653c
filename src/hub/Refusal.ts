import type { Answer } from './exchange.js';

/** A request, or an update, that the hub does not take. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly status: number,
    message: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }

  toAnswer(): Answer {
    return {
      status: this.status,
      headers: { 'Content-Type': 'text/plain; charset=utf-8', ...this.headers },
      body: `${this.message}\n`,
    };
  }
}

/** What the hub relies on does not answer: what was asked may have been done, or not. */
export function unavailable(what = 'The storage of this hub'): Refusal {
  return new Refusal(503, `${what} does not answer, try again`, { 'Retry-After': '1' });
}
