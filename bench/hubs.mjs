// `npm run bench:hubs`: four hubs on one Redis beside one hub in memory, in turns: from publish to
// handler at a steady rate, how many updates a second go through at most, and whether all
// subscribers see one order. RATE=100 SECONDS=6 ROUNDS=3

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { createClient } from '@redis/client';
import { runnerImport } from 'vite';

const RATE = Number(process.env.RATE ?? 100);
const SECONDS = Number(process.env.SECONDS ?? 6);
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const SUBSCRIBERS = 20;
const DATA = Buffer.alloc(975, 'signal').toString('base64');
/** How many publishers post at once, each update behind the answer to the one before. */
const PUBLISHERS = 64;
/** Stands before the ids of a measurement: hubs drop what they have had. */
let run = 0;

/** @typedef {import('../test/servers/hubProcess.ts').HubProcess} HubProcess */
const root = join(import.meta.dirname, '..');
/** @type {{ module: typeof import('../test/servers/hubProcess.ts') }} */
const {
  module: { startHubProcess },
} = await runnerImport(join(root, 'test/servers/hubProcess.ts'));
/** @type {{ module: typeof import('../test/servers/redis.ts') }} */
const {
  module: { startRedis },
} = await runnerImport(join(root, 'test/servers/redis.ts'));
/** @type {{ module: typeof import('../src/hub/storage/redisStorage.ts') }} */
const {
  module: { redisStorage },
} = await runnerImport(join(root, 'src/hub/storage/redisStorage.ts'));

/** @type {{ module: typeof import('../src/driver/index.ts') }} */
const {
  module: { SseDriver },
} = await runnerImport(join(root, 'src/driver/index.ts'));

const redis = await startRedis();
const shared = await Promise.all([1, 2, 3, 4].map(() => startHubProcess(['--storage', redis.url])));
const alone = await startHubProcess([]);
const client = await createClient({ url: redis.url }).connect();
/** @param {string[]} args */
const command = (...args) => client.sendCommand(args);
const log = redisStorage({ command, blocking: command });
try {
  const delays = await inRounds({
    '1 hub, in memory': () => measureDelay([alone]),
    '4 hubs, on Redis': () => measureDelay(shared),
  });
  console.log(
    `${RATE} updates a second of 1,300 bytes for ${SECONDS} s to ${SUBSCRIBERS} subscribers, medians of ${ROUNDS} rounds`,
  );
  console.table(delays);
  const most = await inRounds({
    '1 hub, in memory, by POST': () => measureMost([alone], postMany([alone])),
    '4 hubs, on Redis, by POST': () => measureMost(shared, postMany(shared)),
    '4 hubs, on Redis, appended to it': () => measureMost(shared, appendMany),
  });
  console.log(
    `As many as go through, to a subscriber of each hub, medians of ${ROUNDS} rounds; the last three columns are how many cores were busy`,
  );
  console.table(most);
} finally {
  client.destroy();
  await Promise.all([...shared, alone].map((hub) => hub.kill()));
  await redis.kill();
}
process.exit();

/**
 * Measures each in turn, several times; returns the median of each figure.
 *
 * @param {Record<string, () => Promise<Record<string, number>>>} cases
 */
async function inRounds(cases) {
  /** @type {Record<string, Record<string, number[]>>} */
  const results = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, measure] of Object.entries(cases)) {
      const figures = (results[name] ??= {});
      for (const [figure, value] of Object.entries(await measure())) {
        (figures[figure] ??= []).push(value);
      }
    }
  }
  return Object.entries(results).map(([name, figures]) => ({
    '': name,
    ...Object.fromEntries(
      Object.entries(figures).map(([figure, values]) => [
        figure,
        Number(median(values).toFixed(2)),
      ]),
    ),
  }));
}

/**
 * From `publish()` of one driver to the handlers of twenty.
 *
 * @param {HubProcess[]} hubs
 */
async function measureDelay(hubs) {
  run++;
  const topic = `delay ${run}`;
  const subscribers = Array.from({ length: SUBSCRIBERS }, (_, index) => {
    const { url } = /** @type {HubProcess} */ (hubs[index % hubs.length]);
    /** @type {{ id: number, at: number }[]} */
    const heard = [];
    return { driver: new SseDriver({ url, encoding: 'text' }), heard };
  });
  await Promise.all(
    subscribers.map(({ driver, heard }) =>
      driver.subscribe(topic, (data) => {
        heard.push({
          id: Number.parseInt(new TextDecoder().decode(Uint8Array.from(data))),
          at: performance.now(),
        });
      }),
    ),
  );
  /** @type {number[]} */
  const sentAt = [];
  const start = performance.now();
  for (let id = 0; id < RATE * SECONDS; id++) {
    await pause(start + (id * 1_000) / RATE - performance.now());
    sentAt.push(performance.now());
    void subscribers[id % SUBSCRIBERS]?.driver.publish(
      topic,
      new TextEncoder().encode(`${id} ${DATA}`),
    );
  }
  await pause(1_000);
  for (const { driver } of subscribers) driver.destroy();
  const delays = subscribers
    .flatMap(({ heard }) => heard.map(({ id, at }) => at - Number(sentAt[id])))
    .sort((a, b) => a - b);
  return {
    'p50, ms': Number(delays[delays.length >> 1]),
    'p99, ms': Number(delays[Math.floor(delays.length * 0.99)]),
    heard: delays.length,
    'of all': RATE * SECONDS * SUBSCRIBERS,
    orders: countOrders(subscribers),
  };
}

/**
 * @param {HubProcess[]} hubs
 * @param {(until: number) => Promise<number>} send sends as many as it can; returns how many.
 */
async function measureMost(hubs, send) {
  run++;
  const subscribers = await Promise.all(hubs.map((_, index) => subscribe(hubs, index)));
  const processes = { hubs: hubs.map(({ pid }) => pid), Redis: [redis.pid], load: [process.pid] };
  const before = Object.values(processes).map(cpuSeconds);
  const start = performance.now();
  const sent = await send(start + SECONDS * 1_000);
  while (subscribers.some(({ heard }) => heard.length < sent)) await pause(5);
  const seconds = (performance.now() - start) / 1_000;
  const cores = Object.entries(processes).map(([name, pids], index) => [
    name,
    (cpuSeconds(pids) - Number(before[index])) / seconds,
  ]);
  for (const { socket } of subscribers) socket.destroy();
  return {
    'updates/s': Math.round(sent / seconds),
    orders: countOrders(subscribers),
    ...Object.fromEntries(cores),
  };
}

/** @param {{ heard: { id: number }[] }[]} subscribers */
function countOrders(subscribers) {
  return new Set(subscribers.map(({ heard }) => heard.map(({ id }) => id).join())).size;
}

/**
 * @param {HubProcess[]} hubs
 * @param {number} index
 */
async function subscribe(hubs, index) {
  /** @type {{ id: number, at: number }[]} */
  const heard = [];
  const pattern = new RegExp(`^id: ${run}-(\\d+)$`, 'gm');
  const { port } = /** @type {HubProcess} */ (hubs[index % hubs.length]);
  const socket = connect(port, '127.0.0.1');
  socket.write(`GET /.well-known/mercure?topic=a HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  let rest = '';
  socket.setEncoding('latin1').on('data', (chunk) => {
    const at = performance.now();
    const text = rest + String(chunk);
    const end = text.lastIndexOf('\n') + 1;
    for (const [, id] of text.slice(0, end).matchAll(pattern)) {
      heard.push({ id: Number(id), at });
    }
    rest = text.slice(end);
  });
  await once(socket, 'data');
  return { socket, heard };
}

/**
 * Posts on raw sockets, so that it is not the load that is measured.
 *
 * @param {HubProcess[]} hubs
 * @returns {(until: number) => Promise<number>}
 */
function postMany(hubs) {
  return async (until) => {
    let sent = 0;
    /** @param {number} index */
    const postInTurn = async (index) => {
      const { port } = /** @type {HubProcess} */ (hubs[index % hubs.length]);
      const socket = connect(port, '127.0.0.1').setEncoding('latin1');
      while (performance.now() < until) {
        const body = `topic=a&id=${run}-${sent++}&data=${encodeURIComponent(DATA)}`;
        socket.write(
          `POST /.well-known/mercure HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
        );
        const [answer] = await once(socket, 'data');
        if (!answer.startsWith('HTTP/1.1 200')) throw new Error(answer);
      }
      socket.destroy();
    };
    await Promise.all(Array.from({ length: PUBLISHERS }, (_, index) => postInTurn(index)));
    return sent;
  };
}

/**
 * Appends to the log past the hubs, so that all they do is to read.
 *
 * @param {number} until
 */
async function appendMany(until) {
  let sent = 0;
  const appendInTurn = async () => {
    while (performance.now() < until) {
      await log.append({ id: `${run}-${sent++}`, topics: ['a'], data: DATA });
    }
  };
  await Promise.all(Array.from({ length: PUBLISHERS }, appendInTurn));
  return sent;
}

/** @param {(number | undefined)[]} pids */
function cpuSeconds(pids) {
  let seconds = 0;
  for (const pid of pids) {
    const [, , , , , , , , , , , user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    seconds += (Number(user) + Number(system)) / 100;
  }
  return seconds;
}

/** @param {number[]} values */
function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
