/** The longest a timer can wait, in ms: a longer one fires at once. No option is longer. */
export const MAX_TIMEOUT = 2 ** 31 - 1;

/** The back-off between attempts, in ms. */
export interface RetryOptions {
  /** Attempt *n* waits a random time up to `base` · 2ⁿ. Default: 2,000. */
  base: number;
  /** The longest wait. Default: 15,000. */
  max: number;
}

/**
 * How long to wait before the next attempt, in ms: full jitter, so that the clients of a hub that
 * comes back do not come all at once, on top of the time that the hub asks for.
 *
 * @param attempt How many attempts in a row have failed before this one.
 */
export function backoff(attempt: number, floor: number, { base, max }: RetryOptions): number {
  return floor + Math.random() * Math.min(max, base * 2 ** attempt);
}

/** Resolves after `milliseconds`, or as soon as `signal` aborts. */
export function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, Math.min(milliseconds, MAX_TIMEOUT));
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}

/**
 * Runs `work` with a signal that aborts when `parent` does or the time is over. (Not
 * `AbortSignal.any`, which old browsers lack and Node leaks.)
 */
export async function withTimeout<Value>(
  parent: AbortSignal,
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  if (parent.aborted) abort();
  parent.addEventListener('abort', abort);
  const timer = setTimeout(abort, milliseconds);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    parent.removeEventListener('abort', abort);
  }
}

/** Settles as `promise` does, or rejects as soon as `signal` aborts, whatever `promise` does. */
export async function untilAborted<Value>(
  promise: Value | PromiseLike<Value>,
  signal: AbortSignal,
): Promise<Value> {
  let abort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(new Error('Aborted.'));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
