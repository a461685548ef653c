import { vi } from 'vitest';

const TICK = 10;
const { setInterval, clearInterval } = globalThis;

/**
 * Lets the clock of this process run `speed` times as fast: `Date` and the timers of the driver, and
 * of a hub in this process; not its sockets.
 *
 * @returns what ends it.
 */
export function rushClock(speed: number): () => void {
  if (speed === 1) return () => {};
  vi.useFakeTimers({
    now: Date.now(),
    toFake: ['Date', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
  });
  const ticking = setInterval(() => vi.advanceTimersByTime(TICK * speed), TICK);
  return () => {
    clearInterval(ticking);
    vi.useRealTimers();
  };
}
