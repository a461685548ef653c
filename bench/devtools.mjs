// `npm run bench:devtools`: what the devtools cost the page that they watch, in one Chromium and one
// run. The ratios are what counts.

import process from 'node:process';
import { startSite } from './site.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const COUNT = 50_000;
const WHILE = 2_000;

const { page, close } = await startSite({}, 'bench/devtools');

try {
  console.log(`Signals a second, as many as the page takes, median of ${ROUNDS} rounds`);
  console.table(await page.evaluate(`benchmarks.throughput(${COUNT}, ${ROUNDS})`));

  console.log('Frames a second while 10,000 signals a second arrive');
  console.table(await page.evaluate(`benchmarks.frames(${WHILE}, ${ROUNDS})`));
} finally {
  await close();
}
