import type { StreamSource } from './Sink.js';

/** What the hub is asked, whatever server it came through. */
export interface HubRequest {
  readonly method: string;
  readonly url: URL;
  /** The value of a header; those of one that is repeated are joined with a comma. */
  header(name: string): string | undefined;
  /**
   * Reads the body, piece by piece.
   *
   * @param take Ends the reading where it throws.
   * @returns whether all of it was read before `signal` was aborted. Rejects with what `take` has
   *   thrown, or with another error where the body broke off.
   */
  read(take: (bytes: Uint8Array) => void, signal: AbortSignal): Promise<boolean>;
}

/** How the hub answers: by a text, or by a stream. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string | StreamSource;
}
