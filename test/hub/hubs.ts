import { afterEach } from 'vitest';
import { startHub, type RunningHub, type StartHubOptions } from '../../src/testing/index.js';

const running: RunningHub[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((hub) => hub.close()));
});

/** A hub that ends with the test. */
export async function hubFor(options?: StartHubOptions): Promise<RunningHub> {
  const hub = await startHub(options);
  running.push(hub);
  return hub;
}
