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

  toResponse(): Response {
    return new Response(`${this.message}\n`, {
      status: this.status,
      headers: { 'Content-Type': 'text/plain; charset=utf-8', ...this.headers },
    });
  }
}

/** What the hub relies on does not answer: what was asked may have been done, or not. */
export function unavailable(what = 'The storage of this hub'): Refusal {
  return new Refusal(503, `${what} does not answer, try again`, { 'Retry-After': '1' });
}
