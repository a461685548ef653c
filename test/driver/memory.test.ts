// @vitest-environment node
import { runInNewContext } from 'node:vm';
import { setFlagsFromString } from 'node:v8';
import { expect, it } from 'vitest';
import { connect, openHub } from './rig.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const UPDATES = 2_000;
const MEGABYTE = 1e6;

it('remembers 2,000 updates of 100 kB in less than 20 MB', async () => {
  const { url, hub } = await openHub({ history: 0 });
  const driver = connect({ url });
  let heard = 0;
  await driver.subscribe('room', () => heard++);
  const data = 'x'.repeat(100_000);
  const before = usedMemory();
  for (let count = 1; count <= UPDATES; count++) {
    const id = `an-id-of-more-than-thirteen-characters-${count}`;
    void hub.publish({ topics: ['room'], data, id });
    if (count % 50 === 0) await expect.poll(() => heard, { interval: 1 }).toBe(count);
  }
  await expect.poll(() => usedMemory() - before).toBeLessThan(20 * MEGABYTE);
}, 60_000);

/** In bytes. */
function usedMemory(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
