// `npm run bench`: how fast it receives and how soon, beside other clients, in one Chromium and one
// run. Times are of the machine; the ratios are what counts.

import process from 'node:process';
import { startSite } from './site.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const COUNT = 20_000;
const UPDATE_BYTES = 1_300;
const PUBLISHES = 200;

const DATA = Buffer.alloc(UPDATE_BYTES, 'signal').toString('base64');
const EVENTS = Buffer.from(
  Array.from({ length: COUNT }, (_, id) => `id: ${id}\ndata: ${DATA}\n\n`).join(''),
);

const { page, close } = await startSite({ '/stream': sendStream });

try {
  console.log(`Receiving ${COUNT} updates of ${UPDATE_BYTES} bytes, median of ${ROUNDS} rounds`);
  console.table(await page.evaluate(`benchmarks.receiving('/stream', ${COUNT}, ${ROUNDS})`));

  console.log(`From publish to handler, median of ${PUBLISHES}, then of ${ROUNDS} rounds`);
  const url = '/.well-known/mercure';
  console.table(await page.evaluate(`benchmarks.latency('${url}', ${PUBLISHES}, ${ROUNDS})`));
} finally {
  await close();
}

/**
 * Sends updates that are ready, so that the server is not what is measured.
 *
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
function sendStream(request, response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(EVENTS);
  request.once('close', () => response.end());
}
