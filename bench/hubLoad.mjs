// The subscribers and the publisher of `bench/hub.mjs`, in a process of their own: it opens raw
// sockets and counts bytes, so that it is not what is measured.

import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import process from 'node:process';

const TOPIC = 'https://example.com/rooms/1';
const DATA = Buffer.alloc(1_300, 'signal').toString('base64').slice(0, 1_300);
const READ_BUFFER = Buffer.allocUnsafe(256 * 1024);

const { url, token, subscribers, publishes } = JSON.parse(process.argv[2] ?? '');
const { port, pathname } = new URL(url);
const agent = new Agent({ keepAlive: true, maxSockets: 4 });
let bytes = 0;
let opened = 0;

await open(1);
const bytesBefore = await settle();
await publish();
// What one subscriber gets of one update; two that a hub writes at once have one frame less.
const size = (await settle()) - bytesBefore - 16;
process.send?.({ ready: true });
await once(process, 'message');

for (const count of [subscribers / 2, subscribers]) {
  await open(Math.ceil(count) - opened);
  await settle();
  process.send?.({ opened });
  await once(process, 'message');
}

const expected = bytes + size * subscribers * publishes;
const cpu = process.cpuUsage();
const start = performance.now();
const publishing = Array.from({ length: publishes }, publish);
const waits = await Promise.all(publishing);
while (bytes < expected) await pause(1);
const seconds = (performance.now() - start) / 1_000;
const { user, system } = process.cpuUsage(cpu);
process.send?.('delivered');
await once(process, 'message');
waits.sort((a, b) => a - b);

/** @type {number[]} */
const delays = [];
for (let count = 0; count < 15; count++) {
  const target = bytes + size * subscribers;
  const began = performance.now();
  await publish();
  while (bytes < target) await pause(1);
  delays.push(performance.now() - began);
}
delays.sort((a, b) => a - b);
process.send?.(
  {
    deliveries: (subscribers * publishes) / seconds,
    busy: (user + system) / 1e6 / seconds,
    publish: waits[waits.length >> 1],
    last: delays[delays.length >> 1],
  },
  () => process.exit(),
);

/** @param {number} count */
async function open(count) {
  for (let left = count; left > 0; left -= 100) {
    await Promise.all(Array.from({ length: Math.min(left, 100) }, openOne));
  }
  opened += count;
}

/** Resolves once the hub has begun to answer: it may take a connection long before. */
function openOne() {
  return new Promise((resolve, reject) => {
    const socket = connect({
      port: Number(port),
      host: '127.0.0.1',
      onread: {
        buffer: READ_BUFFER,
        callback(length) {
          bytes += length;
          resolve(length);
          return true;
        },
      },
    });
    const query = new URLSearchParams({ topic: TOPIC });
    socket.once('error', reject);
    socket.write(`GET ${pathname}?${query} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  });
}

/** Posts an update; returns how long that took, in ms. */
async function publish() {
  const start = performance.now();
  const post = request(url, {
    agent,
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/x-www-form-urlencoded',
    },
  });
  post.end(new URLSearchParams({ topic: TOPIC, data: DATA }).toString());
  const [response] = await once(post, 'response');
  if (response.statusCode !== 200) throw new Error(`The hub answered ${response.statusCode}.`);
  response.resume();
  await once(response, 'end');
  return performance.now() - start;
}

/** Waits until nothing comes any more; returns the bytes that have come. */
async function settle() {
  for (let before = -1; bytes !== before;) {
    before = bytes;
    await pause(300);
  }
  return bytes;
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
