// `npm run bench:topics`: many topics over HTTP/1.1 in one Chromium: how many open, what a publish
// takes beside them, the memory each costs, and whether all of it arrives while they come and go.

import process from 'node:process';
import { startSite } from './site.mjs';

const SECONDS = Number(process.env.SECONDS ?? 60);
const CHURNING = 50;
const SIGNALS_PER_SECOND = 200;
const URL = '/.well-known/mercure';

const { page, hub, close } = await startSite();

try {
  const rows = [];
  for (const [client, count] of [
    ['native EventSource', 8],
    ['react-signaling', 8],
    ['react-signaling', 1_000],
  ]) {
    const call = `demonstrations.manyTopics('${client}', '${URL}', ${count})`;
    rows.push({ client, ...Object(await page.evaluate(call)), streams: hub.subscribers });
    await page.evaluate('demonstrations.end()');
  }
  console.table(rows);

  const devtools = await page.context().newCDPSession(page);
  const heap = async () => {
    await devtools.send('HeapProfiler.collectGarbage');
    return (await devtools.send('Runtime.getHeapUsage')).usedSize;
  };
  const memory = [];
  for (const count of [1, 1, 100, 1_000]) {
    const before = await heap();
    await page.evaluate(`demonstrations.manyTopics('react-signaling', '${URL}', ${count})`);
    const bytes = (await heap()) - before;
    await page.evaluate('demonstrations.end()');
    memory.push({
      topics: count,
      kB: Math.round(bytes / 1_000),
      'kB each': Number((bytes / 1_000 / count).toFixed(2)),
    });
  }
  // The first one warmed up.
  console.table(memory.slice(1));

  const numbers = new Map();
  const publisher = setInterval(() => {
    for (let index = 0; index < SIGNALS_PER_SECOND / 50; index++) {
      const topic = `https://example.com/topics/${Math.floor(Math.random() * CHURNING)}`;
      const number = numbers.get(topic) ?? 0;
      numbers.set(topic, number + 1);
      void hub.publish({ topics: [topic], data: Buffer.from(String(number)).toString('base64') });
    }
  }, 20);
  console.table([await page.evaluate(`demonstrations.churn('${URL}', ${CHURNING}, ${SECONDS})`)]);
  clearInterval(publisher);
} finally {
  await close();
}
