// `npm run bench:memory`: what a driver keeps in Node.

import process from 'node:process';

// As it is shipped; `npm run bench:memory` has built it.
/** @type {typeof import('../src/driver/index.js')} */
const { SseDriver, text } = await import(new URL('../dist/driver/index.js', import.meta.url).href);
/** @type {typeof import('../src/testing/index.js')} */
const { startHub } = await import(new URL('../dist/testing/index.js', import.meta.url).href);

const UPDATES = 2_000;
const UPDATE_BYTES = 100_000;
const PUBLISHES = 20_000;

const { url, hub, close } = await startHub({ history: 0 });
const driver = new SseDriver({ url });
let heard = 0;
await driver.subscribe('room', () => heard++);

console.table({
  [`received ${UPDATES} updates of ${UPDATE_BYTES} bytes`]: await measure(receive),
  [`published ${PUBLISHES} signals`]: await measure(publish),
});
driver.destroy();
await close();

async function receive() {
  const data = Buffer.alloc(UPDATE_BYTES, 'signal').toString('base64');
  const target = heard + UPDATES;
  for (let count = 0; count < UPDATES; count++) {
    await hub.publish({ topics: ['room'], data });
    while (count - (heard - target + UPDATES) > 50) await new Promise(setImmediate);
  }
  while (heard < target) await new Promise(setImmediate);
}

async function publish() {
  for (let count = 0; count < PUBLISHES; count++) await driver.publish('other', text.encode('hi'));
}

/**
 * The memory that is still used afterwards, beside what is outside of the heap: mostly the buffers
 * of `fetch`, which it keeps while a stream is open, however much has come.
 *
 * @param {() => Promise<void>} work
 */
async function measure(work) {
  const before = used();
  await work();
  const after = used();
  return {
    'MB on the heap': ((after.heapUsed - before.heapUsed) / 1e6).toFixed(1),
    'MB outside': ((after.external - before.external) / 1e6).toFixed(1),
  };
}

function used() {
  globalThis.gc?.();
  return process.memoryUsage();
}
