// `npm run bench`: how fast it receives and how soon, beside other clients, in one Chromium and one
// run. Times are of the machine; the ratios are what counts.

import process from 'node:process';
import { startSite } from './site.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const COUNT = 20_000;
const UPDATE_BYTES = 1_300;
const PUBLISHES = 200;

const DATA = Buffer.alloc(UPDATE_BYTES, 'signal').toString('base64');
const STREAM = createStream('');
const NAMING_STREAM = createStream('topics: replayed\n');

const { page, close } = await startSite({
  '/stream': sendStream(STREAM),
  '/naming': sendStream(NAMING_STREAM),
});

try {
  console.log(`Receiving ${COUNT} updates of ${UPDATE_BYTES} bytes, median of ${ROUNDS} rounds`);
  console.table(await page.evaluate(`benchmarks.receiving('/stream', ${COUNT}, 3, ${ROUNDS})`));

  console.log('The same with a `topics:` field in each');
  console.table(await page.evaluate(`benchmarks.receiving('/naming', ${COUNT}, 4, ${ROUNDS})`));

  console.log(`From publish to handler, median of ${PUBLISHES}, then of ${ROUNDS} rounds`);
  const url = '/.well-known/mercure';
  console.table(await page.evaluate(`benchmarks.latency('${url}', ${PUBLISHES}, ${ROUNDS})`));
} finally {
  await close();
}

/** @param {string} fields of every event, beside its id and data */
function createStream(fields) {
  const events = Array.from({ length: COUNT }, (_, id) => `id: ${id}\n${fields}data: ${DATA}\n\n`);
  return Buffer.from(events.join(''));
}

/**
 * Sends updates that are ready, so that the server is not what is measured.
 *
 * @param {Buffer} events
 * @returns {import('vite').Connect.NextHandleFunction}
 */
function sendStream(events) {
  return (request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(events);
    request.once('close', () => response.end());
  };
}
