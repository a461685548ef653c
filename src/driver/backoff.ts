import type { SseDriverOptions } from './options.js';

/**
 * How long to wait before attempt `attempt` + 1, in ms: full jitter, so that the clients of a hub
 * that comes back do not come all at once, on top of what the hub asks for.
 */
export function backoff(
  attempt: number,
  floor = 0,
  { base = 2_000, max = 30_000 }: SseDriverOptions['retry'] = {},
): number {
  return floor + Math.random() * Math.min(max, base * 2 ** attempt);
}

/** A pause that can be cut short. */
export class Pause {
  #end: (() => void) | undefined;

  /** Resolves after `milliseconds`, or as soon as {@link end} is called. */
  async wait(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#end = undefined;
  }

  end(): void {
    this.#end?.();
  }
}
