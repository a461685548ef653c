// @vitest-environment node
import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it, onTestFinished } from 'vitest';
import { createHub } from '../../src/hub/index.js';
import { Replays } from '../../src/hub/Replays.js';
import type { Subscriber } from '../../src/hub/Subscriber.js';
import { publish, subscribe, toSearch, until, type Parameters } from './client.js';
import { hubFor } from './hubs.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

async function memory(): Promise<number> {
  // What buffers held is given back a moment after they are.
  for (let count = 0; count < 3; count++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const query = (url: string, parameters: Parameters) => {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  return fetch(url, { method: 'QUERY', body: toSearch(parameters), signal: abort.signal });
};

const letters = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`).join();

it.each([
  ['100,000 variables', { topic: `{?${letters(100_000)}}` }],
  ['1,000 URL Patterns of 1 kB', { match_urlpattern: Array(1000).fill(`/${':a/'.repeat(330)}`) }],
  [
    '1,000 URL Patterns',
    { match_urlpattern: Array.from({ length: 1000 }, (_, n) => `/:a/${n}/:b`) },
  ],
  ['1,000 templates', { topic: Array.from({ length: 1000 }, (_, n) => `{a}/${n}/{b}`) }],
  [
    '500 selectors of 4 kB',
    { match: Array.from({ length: 500 }, (_, n) => `${n}${'x'.repeat(4000)}`) },
  ],
])('takes no subscription to %s, or at no cost', async (_, parameters) => {
  const { url } = await hubFor();
  const { status } = await query(url, parameters);
  if (status === 200) {
    // What is no template is a topic that nothing costs but its bytes.
    expect(parameters).toHaveProperty('topic', expect.stringContaining('100'));
  } else expect([400, 413]).toContain(status);
});

/** As much as a subscription may say, so that every topic has to be looked at to its end. */
const worst: Parameters[] = [
  { topic: Array.from({ length: 7 }, (_, n) => `{+a}{/${letters(60)}}${n}`) },
  { topic: Array.from({ length: 490 }, (_, n) => `{+a}/${n}`) },
  { match_urlpattern: Array.from({ length: 100 }, (_, n) => `https://*/*:a*:b/${n}`) },
];

it('publishes in less than twice the time beside the three worst subscriptions', async () => {
  const [alone, beside] = await Promise.all([hubFor(), hubFor()]);
  for (const { url } of [alone, beside]) {
    await subscribe(url, { topic: 'https://example.com/rooms/1/members/5' });
  }
  const answers = await Promise.all(worst.map((parameters) => query(beside.url, parameters)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(beside.hub.subscribers).toBe(4);
  /** By the clock of the processor, which other work on the machine does not move. */
  const time = async (url: string, count: number) => {
    const topic = `https://example.com/rooms/1/members/${count % 10}`;
    const start = process.cpuUsage();
    await publish(url, { topic, data: 'x' });
    const { user, system } = process.cpuUsage(start);
    return user + system;
  };
  const times: Record<'alone' | 'beside', number[]> = { alone: [], beside: [] };
  // In turns, so that what slows one down slows the other one down too.
  for (let count = 0; count < 100; count++) {
    times.alone.push(await time(alone.url, count));
    times.beside.push(await time(beside.url, count));
  }
  const median = (values: number[]) => values.slice(20).sort((a, b) => a - b)[40]!;
  expect(median(times.beside)).toBeLessThan(2 * median(times.alone));
});

it('keeps a subscription to 1,000 topics in less than 100 kB', async () => {
  const hub = createHub({ openToAll: true });
  onTestFinished(() => hub.close());
  const open = async (n: number) => {
    const topics = Array.from({ length: 1000 }, (_, t) => `https://example.com/rooms/${n}/${t}`);
    const init = { method: 'QUERY', body: toSearch({ topic: topics }) };
    return hub.fetch(new Request('http://localhost/.well-known/mercure', init));
  };
  const streams: Response[] = [];
  for (let count = 0; count < 20; count++) streams.push(await open(count));
  const before = await memory();
  for (let count = 0; count < 100; count++) streams.push(await open(20 + count));
  const each = ((await memory()) - before) / 100;
  expect(hub.subscribers).toBe(streams.length);
  expect(each).toBeLessThan(100_000);
});

it.each([
  ['small updates', 100, ''],
  ['updates of 1 kB', 1_000, ''],
  ['updates on long topics', 100, 'x'.repeat(300)],
  ['large updates', 200_000, ''],
])('remembers as many bytes as it is told to, by 20 %%: %s', async (_, size, suffix) => {
  const historyBytes = 16 * 1024 * 1024;
  const hub = createHub({ openToAll: true, history: 1_000_000, historyBytes });
  onTestFinished(() => hub.close());
  const before = await memory();
  for (let sum = 0, count = 0; sum < 2 * historyBytes; sum += size + 700, count++) {
    const topics = [`https://example.com/rooms/${count}${suffix}`];
    // A text of its own, as one from a request is.
    await hub.publish({
      topics,
      data: Buffer.alloc(size, String(count)).toString(),
      id: `${count}`,
    });
  }
  const kept = (await memory()) - before;
  expect(hub.stats.historyBytes).toBeGreaterThan(0.95 * historyBytes);
  expect(kept).toBeGreaterThan(0.8 * hub.stats.historyBytes);
  expect(kept).toBeLessThan(1.2 * hub.stats.historyBytes);
});

it('keeps one copy of an update, however many have it before them', async () => {
  const hub = createHub({ openToAll: true });
  onTestFinished(() => hub.close());
  const topics = Array.from({ length: 100 }, (_, index) => `topic-${index}`);
  for (const topic of topics) {
    await hub.fetch(new Request(`http://localhost/.well-known/mercure?topic=${topic}`));
  }
  const before = await memory();
  for (let count = 0; count < 5; count++) {
    await hub.publish({ topics, data: String(count).repeat(1024 * 1024) });
  }
  expect((await memory()) - before).toBeLessThan(7 * 1024 * 1024);
});

it('refuses what would be many times as long in a stream', async () => {
  const { url, hub } = await hubFor({ maxBody: 100_000 });
  await publish(url, { topic: 'a', id: 'kept' });
  const body = `topic=a&data=${'\n'.repeat(99_000)}`;
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  expect((await fetch(url, { method: 'POST', body, headers })).status).toBe(413);
  expect(hub.stats.historyUpdates).toBe(1);
});

it('lets go of 50,000 pipelined streams with their connections', async () => {
  const { url, hub } = await hubFor();
  const { port, host } = new URL(url);
  const request = `GET /.well-known/mercure?topic=a HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  const sockets = Array.from({ length: 25 }, () => {
    const socket = connect(Number(port), '127.0.0.1').on('error', () => {});
    socket.write(request.repeat(2000));
    return socket;
  });
  await until(() => expect(hub.stats.subscriptions).toBe(25), { timeout: 25_000 });
  expect(hub.subscribers).toBeLessThanOrEqual(25);
  for (const socket of sockets) socket.destroy();
  await until(() => expect(hub.subscribers).toBe(0));
  expect((await publish(url, { topic: 'a' })).status).toBe(200);
});

it('answers pipelined requests in their order, and a stream as the last of them', async () => {
  const { url, hub } = await hubFor();
  const { port, host } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString()));
  const post = (id: string) =>
    `POST /.well-known/mercure HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${11 + id.length}\r\n\r\ntopic=a&id=${id}`;
  const get = `GET /.well-known/mercure?topic=a&lastEventID=earliest HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  socket.write(post('first') + post('second') + get);
  await until(() => expect(text).toContain('id: second'));
  expect(text.match(/id: \w+\n(?=topics)/g)).toEqual(['id: first\n', 'id: second\n']);
  await hub.publish({ topics: ['a'], id: 'third' });
  await until(() => expect(text).toContain('id: third'));
});

it('holds no more of unfinished requests than it may', async () => {
  const { url } = await hubFor({ maxBody: 10_000 });
  const { port, host } = new URL(url);
  const head = `POST /.well-known/mercure HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9999\r\n\r\n`;
  const answers: string[] = [];
  for (let count = 0; count < 20; count++) {
    const socket = connect(Number(port), '127.0.0.1').on('error', () => {});
    onTestFinished(() => void socket.destroy());
    socket.on('data', (chunk) => answers.push(chunk.toString().slice(9, 12)));
    socket.write(head + 'x'.repeat(9_000));
  }
  await until(() => expect(answers.length).toBeGreaterThanOrEqual(2));
  expect(answers.every((status) => status === '503')).toBe(true);
});

it('takes no more subscribers than it is told to', async () => {
  const { url } = await hubFor({ maxSubscribers: 2 });
  const first = await subscribe(url, { topic: 'a' });
  await subscribe(url, { topic: 'a' });
  const third = await subscribe(url, { topic: 'a' });
  expect(third.response.status).toBe(503);
  expect(third.response.headers.get('Retry-After')).toBe('1');
  first.close();
  await until(async () => {
    expect((await subscribe(url, { topic: 'a' })).response.status).toBe(200);
  });
});

it('replays long histories by turns, and short ones at once', async () => {
  const order: string[] = [];
  const subscriber = (name: string, slices: number) =>
    ({
      replay() {
        order.push(name);
        return --slices > 0 ? 'unfinished' : 'live';
      },
    }) as unknown as Subscriber;
  let live = 0;
  const replays = new Replays(() => live++);
  onTestFinished(() => replays.close());
  replays.start(subscriber('long', 3));
  replays.start(subscriber('longer', 4));
  replays.start(subscriber('short', 1));
  expect(order).toEqual(['long', 'longer', 'short']);
  await until(() => expect(live).toBe(3));
  expect(order.slice(3)).toEqual(['long', 'longer', 'long', 'longer', 'longer']);
});
