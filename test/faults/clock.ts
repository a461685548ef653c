import { setImmediate as turn } from 'node:timers/promises';
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
  fakeClock();
  const ticking = setInterval(() => vi.advanceTimersByTime(TICK * speed), TICK);
  return () => {
    clearInterval(ticking);
    vi.useRealTimers();
  };
}

/** The clock of this process, which stands still until {@link StoppedClock.pass} moves it. */
export interface StoppedClock {
  /** Lets so many ms pass, and serves the sockets meanwhile. */
  pass(milliseconds: number): Promise<void>;
  start(): void;
}

/** Stops the same clock. */
export function stopClock(): StoppedClock {
  fakeClock();
  return {
    async pass(milliseconds) {
      const step = 500;
      for (let passed = 0; passed < milliseconds; passed += step) {
        vi.advanceTimersByTime(Math.min(step, milliseconds - passed));
        for (let turns = 0; turns < 4; turns++) await turn();
      }
    },
    start: () => void vi.useRealTimers(),
  };
}

function fakeClock(): void {
  vi.useFakeTimers({
    now: Date.now(),
    toFake: ['Date', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
  });
}
