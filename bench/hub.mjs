// `npm run bench:hub`: the hub in here beside a real Mercure, in one run: deliveries a second, what a
// delivery costs the processor, the memory of a hub and of each subscriber, and the time until the
// last subscriber has an update. The memory of a subscriber is the difference between half of them
// and all; a share of the load near 1 says that the load, not the hub, was what was measured.
// SUBSCRIBERS=300,5000 ROUNDS=3 DELIVERIES=200000 MERCURE_BIN_0=/path/to/mercure

import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { runnerImport } from 'vite';
import { buildMercure } from '../scripts/mercure.mjs';

const COUNTS = (process.env.SUBSCRIBERS ?? '300,5000').split(',').map(Number);
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const DELIVERIES = Number(process.env.DELIVERIES ?? 200_000);

/** @typedef {typeof import('../test/servers/mercure.ts')} Mercure */
/** @type {{ module: Mercure }} */
const {
  module: { startMercure, DEMO_KEY, DEMO_TOKEN },
} = await runnerImport(join(import.meta.dirname, '../test/servers/mercure.ts'));

const binary = process.env.MERCURE_BIN_0 || buildMercure();
/** @type {Record<string, () => Promise<{ url: string, pid: number, close(): Promise<unknown> }>>} */
const hubs = { 'react-signaling': startOwn };
if (binary && existsSync(binary)) hubs['Mercure 0.24.2'] = () => startMercure({ binary });

const [, limit] =
  /^Max open files\s+\d+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
if (Math.max(...COUNTS) + 200 > Number(limit)) {
  throw new Error(`Only ${limit} files may be open here. Raise that with: ulimit -Hn 65536`);
}

for (const subscribers of COUNTS) {
  /** @type {Record<string, Awaited<ReturnType<typeof measure>>[]>} */
  const results = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, start] of Object.entries(hubs)) {
      const hub = await start();
      try {
        (results[name] ??= []).push(await measure(hub, subscribers));
      } finally {
        await hub.close();
      }
    }
  }
  console.log(`${subscribers} subscribers, updates of 1,300 bytes, median of ${ROUNDS} rounds`);
  console.table(
    Object.entries(results).map(([hub, rounds]) => ({
      hub,
      'deliveries/s': Math.round(median(rounds.map(({ deliveries }) => deliveries))),
      'µs of CPU each': round(median(rounds.map(({ cpu }) => cpu))),
      'load busy': round(median(rounds.map(({ busy }) => busy))),
      'publish, ms': round(median(rounds.map(({ publish }) => publish))),
      'until the last has it, ms': round(median(rounds.map(({ last }) => last))),
      'hub, MB': round(median(rounds.map(({ all }) => all))),
      'kB a subscriber': round(median(rounds.map(({ memory }) => memory))),
    })),
  );
}

/**
 * @param {{ url: string, pid: number }} hub
 * @param {number} subscribers
 */
async function measure({ url, pid }, subscribers) {
  const publishes = Math.ceil(DELIVERIES / subscribers);
  const options = { url, token: DEMO_TOKEN, subscribers, publishes };
  const load = fork(join(import.meta.dirname, 'hubLoad.mjs'), [JSON.stringify(options)]);
  const next = async () => (await once(load, 'message'))[0];
  /** Lets the load go on; returns what it says once it has done what comes next. */
  const proceed = () => {
    load.send('go');
    return next();
  };
  try {
    await next();
    await proceed();
    const half = residentKilobytes(pid);
    await proceed();
    const all = residentKilobytes(pid);
    const before = cpuSeconds(pid);
    await proceed();
    const cpu = ((cpuSeconds(pid) - before) / (publishes * subscribers)) * 1e6;
    const memory = (all - half) / (subscribers - Math.ceil(subscribers / 2));
    return { ...(await proceed()), cpu, all: all / 1000, memory };
  } finally {
    load.kill();
  }
}

async function startOwn() {
  const cli = join(import.meta.dirname, '../dist/hub/cli.js');
  const hub = spawn(process.execPath, [cli, 'hub', '--port', '0', '--anonymous'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      MERCURE_PUBLISHER_JWT_KEY: DEMO_KEY,
      MERCURE_SUBSCRIBER_JWT_KEY: DEMO_KEY,
    },
  });
  const [line] = await once(hub.stdout, 'data');
  const url = /http:\S+(?=\. )/.exec(String(line))?.[0] ?? '';
  return {
    url,
    pid: Number(hub.pid),
    async close() {
      hub.kill('SIGKILL');
      await once(hub, 'exit');
    },
  };
}

/** @param {number} pid */
function residentKilobytes(pid) {
  const [, size] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(size) * 1.024;
}

/** @param {number} pid */
function cpuSeconds(pid) {
  const [, , , , , , , , , , , user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(user) + Number(system)) / 100;
}

/** @param {number[]} values */
function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** @param {number} value */
function round(value) {
  return Number(value.toFixed(1));
}
