import { expect } from 'vitest';
import { SseDriver } from '../../src/driver/index.js';
import { FaultProxy } from '../servers/faultProxy.js';
import type { OpenHub } from '../servers/TestHub.js';
import { until } from './Trial.js';

const DRIVERS = 500;
const WINDOW = 100;

/**
 * Restarts a hub under 500 drivers, and looks when each means to come back. (Not when it does: so
 * many in one process keep its clock waiting.)
 */
export async function restartUnderHerd(openHub: OpenHub): Promise<void> {
  const hub = await openHub();
  const proxy = await FaultProxy.start(hub.url);
  const drivers = Array.from({ length: DRIVERS }, () => new SseDriver({ url: proxy.url }));
  try {
    await Promise.all(drivers.map((driver) => driver.subscribe('herd', () => {})));
    const attempts = new Set<number>();
    for (const driver of drivers) {
      // No two drivers draw the same fraction of a millisecond.
      driver.on('connection', ({ retryAt }) => retryAt && attempts.add(retryAt));
    }
    await hub.stop();
    await until(() => drivers.every(({ active }) => !active), 'the loss of the hub');
    await hub.start();
    await until(() => drivers.every(({ active }) => active), 'all drivers');
    expect(attempts.size).toBeGreaterThanOrEqual(DRIVERS);
    const busiest = mostWithin(
      WINDOW,
      [...attempts].sort((a, b) => a - b),
    );
    expect(busiest).toBeLessThanOrEqual(attempts.size / 10);
  } finally {
    for (const driver of drivers) driver.destroy();
    await proxy.close();
    await hub.close();
  }
}

/** How many of these times, in order, fall into the fullest stretch of so many ms. */
function mostWithin(stretch: number, times: readonly number[]): number {
  let first = 0;
  return times.reduce((most, time, index) => {
    while (time - times[first]! >= stretch) first++;
    return Math.max(most, index - first + 1);
  }, 0);
}
