// @vitest-environment node
import { connect, type Socket } from 'node:net';
import { getActiveResourcesInfo } from 'node:process';
import { expect, it } from 'vitest';
import { createHub } from '../../src/hub/index.js';
import { hubFor } from './hubs.js';
import { bearer, DEMO_KEY, inSeconds, legacyToken, publish, subscribe, until } from './client.js';

const key = { key: DEMO_KEY };
const timers = () => getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

/** A subscriber that reads its headers and then nothing more. */
async function stall(url: string, path: string): Promise<Socket> {
  const { port, pathname } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(`GET ${pathname}?${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  await new Promise((resolve) => socket.once('data', resolve));
  socket.pause();
  return socket;
}

it('cuts a reader that does not read, without holding up the others', async () => {
  const { url, hub } = await hubFor();
  const reader = await subscribe(url, { topic: 'a' });
  const stalled = await stall(url, 'topic=a');
  expect(hub.subscribers).toBe(2);
  const data = 'x'.repeat(32 * 1024);
  let count = 0;
  // No faster than the other one reads: on a busy machine it would be cut too.
  for (; hub.subscribers === 2; count++) {
    await hub.publish({ topics: ['a'], data });
    if (count % 50 === 0) await until(() => expect(reader.events.length).toBeGreaterThan(count));
    expect(count).toBeLessThan(5_000);
  }
  await until(() => expect(reader.events).toHaveLength(count), { timeout: 10_000 });
  expect(reader.state).toBe('open');
  stalled.destroy();
});

it('counts many bytes as many updates', async () => {
  const hub = createHub({ openToAll: true });
  const response = await hub.fetch(new Request('http://localhost/.well-known/mercure?topic=a'));
  const data = 'x'.repeat(8 * 1024 * 1024);
  for (let count = 0; count < 9; count++) await hub.publish({ topics: ['a'], data });
  expect(hub.subscribers).toBe(1);
  await hub.publish({ topics: ['a'], data });
  expect(hub.subscribers).toBe(0);
  await expect(response.text()).rejects.toThrow('cut');
  hub.close();
});

it('keeps a reader that has exactly as many updates to read as it may', async () => {
  const hub = createHub({ openToAll: true });
  const response = await hub.fetch(new Request('http://localhost/.well-known/mercure?topic=a'));
  for (let count = 0; count < 1000; count++) {
    await hub.publish({ topics: ['a'], data: String(count) });
  }
  expect(hub.subscribers).toBe(1);
  hub.close();
  expect((await response.text()).match(/^data: /gm)).toHaveLength(1000);
});

it('lets go of subscribers that vanish, and of the timer for all of them', async () => {
  const { url, hub } = await hubFor();
  const streams = await Promise.all(
    Array.from({ length: 20 }, () => subscribe(url, { topic: ['a', '{b}'] })),
  );
  expect(hub.subscribers).toBe(20);
  const open = timers();
  for (const stream of streams) stream.close();
  await until(() => expect(hub.subscribers).toBe(0));
  expect(timers()).toBeLessThan(open);
});

it('survives a client that goes while it is being answered', async () => {
  const { url, hub } = await hubFor();
  for (let count = 0; count < 20; count++) {
    const { port } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      'POST /.well-known/mercure HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n',
    );
    socket.write('Content-Type: application/x-www-form-urlencoded\r\n\r\ntopic=a');
    await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
  }
  expect((await publish(url, { topic: 'a' })).status).toBe(200);
  expect(hub.subscribers).toBe(0);
});

it('ends a stream cleanly at 80 to 100 % of the write time-out', async () => {
  const { url } = await hubFor({ writeTimeout: 500 });
  const start = performance.now();
  const streams = await Promise.all(
    Array.from({ length: 10 }, () => subscribe(url, { topic: 'a' })),
  );
  await until(() => expect(streams.some(({ state }) => state !== 'open')).toBe(true));
  expect(performance.now() - start).toBeGreaterThanOrEqual(400);
  await until(() => expect(streams.map(({ state }) => state)).toEqual(Array(10).fill('ended')));
});

it('ends a stream before its token expires, and takes the token no more after', async () => {
  const { url } = await hubFor({ publisherJwt: key, subscriberJwt: key });
  const token = await legacyToken({}, { exp: inSeconds(2) });
  const stream = await subscribe(url, { topic: 'a' }, { headers: bearer(token) });
  await until(() => expect(stream.state).toBe('ended'), { timeout: 1900 });
  await until(
    async () => {
      const response = await fetch(`${url}?topic=a`, { headers: bearer(token) });
      await response.body?.cancel();
      expect(response.status).toBe(401);
    },
    { timeout: 3000, interval: 100 },
  );
});

it('waits for a token that lasts longer than a timer can', async () => {
  const { url } = await hubFor({ publisherJwt: key, subscriberJwt: key, writeTimeout: 0 });
  const token = await legacyToken({}, { exp: 4_102_444_800 });
  const stream = await subscribe(url, { topic: 'a' }, { headers: bearer(token) });
  await until(() => expect(stream.marks).toHaveLength(1));
  await publish(url, { topic: 'a', data: 'x' }, await legacyToken({ publish: ['*'] }));
  await until(() => expect(stream.data).toEqual(['x']));
});

it('ends every stream cleanly when it closes, and answers 503', async () => {
  const { url, hub } = await hubFor();
  const streams = await Promise.all(['a', 'b', 'c'].map((topic) => subscribe(url, { topic })));
  await hub.publish({ topics: ['a'], data: 'last' });
  await hub.close();
  await expect(hub.publish({ topics: ['a'] })).rejects.toThrow('closing');
  await until(() => expect(streams.map(({ state }) => state)).toEqual(Array(3).fill('ended')));
  expect(streams[0]!.data).toEqual(['last']);
  expect(hub.subscribers).toBe(0);
  const late = await fetch(`${url}?topic=a`);
  expect(late.status).toBe(503);
  expect(late.headers.get('Connection')).toBe('close');
});

it('leaves no timer when it closes', async () => {
  const before = timers();
  const hub = createHub({ openToAll: true });
  await hub.fetch(new Request('http://localhost/.well-known/mercure?topic=a'));
  expect(timers()).toBe(before + 1);
  await hub.close();
  expect(timers()).toBe(before);
});

it('refuses for as long as it is told to', async () => {
  const { url, hub } = await hubFor();
  hub.disrupt({ refuse: 503, times: 2, retryAfter: 7 });
  const first = await publish(url, { topic: 'a' });
  expect(first.status).toBe(503);
  expect(first.headers.get('Retry-After')).toBe('7');
  expect((await fetch(`${url}?topic=a`)).status).toBe(503);
  expect((await publish(url, { topic: 'a' })).status).toBe(200);
  hub.disrupt({ refuse: 429 });
  expect((await publish(url, { topic: 'a' })).status).toBe(429);
  hub.disrupt({});
  expect((await publish(url, { topic: 'a' })).status).toBe(200);
  hub.disrupt({ refuse: 500, duration: 100 });
  expect((await publish(url, { topic: 'a' })).status).toBe(500);
  await until(async () => expect((await publish(url, { topic: 'a' })).status).toBe(200));
});

it.each([
  ['end', 'ended'],
  ['cut', 'cut'],
] as const)('breaks its streams when it is told to (%s)', async (streams, state) => {
  const { url, hub } = await hubFor();
  const stream = await subscribe(url, { topic: 'a' });
  hub.disrupt({ streams });
  await until(() => expect(stream.state).toBe(state));
  expect((await publish(url, { topic: 'a' })).status).toBe(200);
});

it('falls silent when it is told to, for whoever was there', async () => {
  const { url, hub } = await hubFor({ heartbeatInterval: 20 });
  const frozen = await subscribe(url, { topic: 'a' });
  await until(() => expect(frozen.comments).toBeGreaterThan(1));
  hub.disrupt({ streams: 'freeze' });
  const fresh = await subscribe(url, { topic: 'a' });
  const { length } = frozen.text;
  await publish(url, { topic: 'a', data: 'x' });
  await until(() => expect(fresh.data).toEqual(['x']));
  await until(() => expect(fresh.comments).toBeGreaterThan(5));
  expect(frozen.text.length).toBeLessThanOrEqual(length + 2);
  expect(frozen.data).toEqual([]);
  expect(frozen.state).toBe('open');
});

it('forgets its history when it is told to', async () => {
  const { url, hub } = await hubFor();
  await publish(url, { topic: 'a', id: '1' });
  await publish(url, { topic: 'a', id: '2' });
  hub.disrupt({ forget: true });
  const stream = await subscribe(url, { topic: 'a', lastEventID: '1' });
  await until(() => expect(stream.marks).toHaveLength(1));
  expect(stream.response.headers.get('Last-Event-ID')).toBe(stream.marks[0]);
  expect(stream.events).toEqual([]);
});

it('lets tokens expire when it is told to', async () => {
  const { url, hub } = await hubFor({ publisherJwt: key, subscriberJwt: key });
  const token = await legacyToken({ publish: ['*'] });
  const stream = await subscribe(url, { topic: 'a' }, { headers: bearer(token) });
  hub.disrupt({ streams: 'expire' });
  await until(() => expect(stream.state).toBe('ended'));
  expect((await publish(url, { topic: 'a' }, token)).status).toBe(401);
  const fresh = await legacyToken({ publish: ['*'] }, { jti: 'another' });
  expect((await publish(url, { topic: 'a' }, fresh)).status).toBe(200);
});
