// @vitest-environment node
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { redisStorage, type RedisClient } from '../../src/hub/index.js';
import { openStorage } from '../../src/hub/storage/openStorage.js';
import { startBalancer } from '../servers/hubProcess.js';
import { hasRedis, startRedis, type TestRedis } from '../servers/redis.js';
import { bearer, DEMO_KEY, legacyToken, publish, subscribe, until } from './client.js';
import { hubFor } from './hubs.js';

describe.skipIf(!hasRedis)('hubs on one Redis', () => {
  let redis: TestRedis;
  let stream = 0;

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.kill());
  afterEach(() => void stream++);

  const storage = (options = '') => openStorage(`${redis.url}?stream=log${stream}${options}`);
  const raw = async (...args: [string, ...string[]]) => {
    const client = new Redis(redis.port);
    onTestFinished(() => client.disconnect());
    return client.call(...args);
  };

  it('deliver in one order, whichever of them an update was posted to', async () => {
    const hubs = await Promise.all([1, 2, 3].map(async () => hubFor({ storage: await storage() })));
    const streams = await Promise.all(hubs.map(({ url }) => subscribe(url, { topic: 'a' })));
    await Promise.all(
      Array.from({ length: 90 }, (_, index) =>
        publish(hubs[index % 3]!.url, { topic: 'a', data: String(index) }),
      ),
    );
    for (const stream of streams) await until(() => expect(stream.data).toHaveLength(90));
    expect(streams[1]!.data).toEqual(streams[0]!.data);
    expect(streams[2]!.data).toEqual(streams[0]!.data);
  });

  it('know the cursors of each other, also that of a subscriber that has heard nothing', async () => {
    const one = await hubFor({ storage: await storage() });
    const early = await subscribe(one.url, { topic: 'a' });
    await until(() => expect(early.marks).toHaveLength(1));
    await publish(one.url, { topic: 'a', data: '1', id: '1' });
    await publish(one.url, { topic: 'a', data: '2', id: '2' });
    const two = await hubFor({ storage: await storage() });
    for (const [cursor, expected] of [
      [early.marks[0]!, ['1', '2']],
      ['1', ['2']],
    ] as const) {
      const resumed = await subscribe(two.url, { match: 'a', last_event_id: cursor });
      expect(resumed.response.headers.get('Mercure-Last-Event-ID')).toBe(cursor);
      await until(() => expect(resumed.data).toEqual(expected));
    }
  });

  it('wait for what another hub has read before they call a cursor unknown', async () => {
    const one = await hubFor({ storage: await storage() });
    const two = await hubFor({ storage: await storage() });
    for (let id = 0; id < 50; id++) {
      await publish(one.url, { topic: 'a', id: String(id) });
      const { response } = await subscribe(two.url, { match: 'a', last_event_id: String(id) });
      expect(response.headers.get('Mercure-Last-Event-ID')).toBe(String(id));
    }
  });

  it('deliver once what was posted to two of them with one id', async () => {
    const one = await hubFor({ storage: await storage() });
    const two = await hubFor({ storage: await storage() });
    const listener = await subscribe(two.url, { topic: 'a' });
    const update = { topic: 'a', id: 'same', data: 'x' };
    await Promise.all([publish(one.url, update), publish(two.url, update)]);
    await publish(one.url, { topic: 'a', data: 'end' });
    await until(() => expect(listener.data).toContain('end'));
    expect(listener.data).toEqual(['x', 'end']);
  });

  it('remember as many updates as they are told to', async () => {
    const one = await hubFor({ storage: await storage() });
    for (let id = 0; id < 5; id++) await publish(one.url, { topic: 'a', data: String(id) });
    const two = await hubFor({ storage: await storage(), history: 2 });
    const all = await subscribe(two.url, { topic: 'a', lastEventID: 'earliest' });
    await until(() => expect(all.data).toEqual(['3', '4']));
    const none = await hubFor({ storage: await storage(), history: 0 });
    const live = await subscribe(none.url, { topic: 'a', lastEventID: 'earliest' });
    await publish(one.url, { topic: 'a', data: '5' });
    await until(() => expect(live.data).toEqual(['5']));
  });

  it('end their streams and begin anew where the log went back', async () => {
    const { url } = await hubFor({ storage: await storage() });
    await publish(url, { topic: 'a', id: '1' });
    const listener = await subscribe(url, { topic: 'a' });
    await until(() => expect(listener.marks).toEqual(['1']));
    await raw('DEL', `log${stream}`);
    await raw('XADD', `log${stream}`, '*', 'entry', '{"id":"2","topics":["a"],"data":"new"}');
    await until(() => expect(listener.state).toBe('ended'), { timeout: 10_000 });
    const resumed = await subscribe(url, { match: 'a', last_event_id: '1' });
    expect(resumed.response.headers.get('Mercure-Last-Event-ID')).toBe('earliest');
    await publish(url, { topic: 'a', data: 'live' });
    await until(() => expect(resumed.data).toEqual(['live']));
  });

  it('answer 503 where it is not known whether the log has an update', async () => {
    const { url } = await hubFor({ storage: await storage('&wait=1') });
    const response = await publish(url, { topic: 'a', id: '1', data: 'x' });
    expect(response.status).toBe(503);
    expect(response.headers.get('Retry-After')).toBe('1');
  });

  it('take no answer for no replica: with one, publishers are answered', async () => {
    const replica = await startRedis(['--replicaof', `127.0.0.1 ${redis.port}`]);
    onTestFinished(() => replica.kill());
    await until(async () => expect(await raw('WAIT', '1', '1000')).toBe(1), { timeout: 10_000 });
    const { url } = await hubFor({ storage: await storage('&wait=1') });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => publish(url, { topic: 'a', data: 'x' })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  });

  it('list the subscriptions of all of them, and announce them to each other', async () => {
    const key = { key: DEMO_KEY };
    const options = { publisherJwt: key, subscriberJwt: key, subscriptions: true };
    const one = await hubFor({ ...options, storage: await storage() });
    const two = await hubFor({ ...options, storage: await storage() });
    const token = await legacyToken({ subscribe: ['*'] });
    const headers = bearer(token);
    const template = '/.well-known/mercure/subscriptions/{topic}/{subscriber}';
    const watcher = await subscribe(one.url, { topic: template }, { headers });
    await until(() => expect(watcher.marks).toHaveLength(1));
    const joined = await subscribe(two.url, { topic: 'room' }, { headers });
    await until(() => expect(watcher.data).toHaveLength(1));
    const list = async (url: string) => {
      const document = await (await fetch(`${url}/subscriptions`, { headers })).json();
      return document.subscriptions.map(({ topic }: { topic: string }) => topic).sort();
    };
    await until(async () => expect(await list(one.url)).toEqual([template, 'room'].sort()));
    expect(await list(two.url)).toEqual(await list(one.url));
    joined.close();
    await until(() => expect(watcher.data).toHaveLength(2));
    expect(JSON.parse(watcher.data[1]!)).toMatchObject({ topic: 'room', active: false });
    await until(async () => expect(await list(two.url)).toEqual([template]));
  });

  it('revoke a token on all of them', async () => {
    const key = { key: DEMO_KEY };
    const options = { publisherJwt: key, subscriberJwt: key };
    const one = await hubFor({ ...options, storage: await storage() });
    const two = await hubFor({ ...options, storage: await storage() });
    const token = await legacyToken({ publish: ['*'], subscribe: ['*'] }, { jti: 'lost' });
    const open = await subscribe(two.url, { topic: 'a' }, { headers: bearer(token) });
    await one.hub.revoke(token);
    await until(() => expect(open.state).toBe('ended'));
    expect((await publish(two.url, { topic: 'a' }, token)).status).toBe(401);
    const other = await legacyToken({ publish: ['*'] }, { jti: 'other' });
    expect((await publish(two.url, { topic: 'a' }, other)).status).toBe(200);
    const third = await hubFor({ ...options, storage: await storage() });
    expect((await publish(third.url, { topic: 'a' }, token)).status).toBe(401);
  });

  /** Two connections of ioredis, which sends again by itself what was not answered. */
  const ioredisStorage = (port: number, protocol: 2 | 3 = 3) => {
    const clients = [1, 2].map(() => new Redis(port, { protocol }));
    onTestFinished(() => clients.forEach((client) => client.disconnect()));
    const [command, blocking] = clients.map(
      (client): RedisClient['command'] =>
        (...args) =>
          client.call(...args),
    );
    const client = { command: command!, blocking: blocking! };
    return redisStorage(client, { stream: `log${stream}` });
  };

  it.each([2, 3] as const)('work with ioredis too, which speaks RESP%i', async (protocol) => {
    const { url } = await hubFor({ storage: ioredisStorage(redis.port, protocol) });
    const listener = await subscribe(url, { topic: 'a' });
    await publish(url, { topic: 'a', data: 'é→💬\n2' });
    await until(() => expect(listener.data).toEqual(['é→💬\n2']));
  });

  it('begin anew before they deliver from another Redis, to which a client has gone by itself', async () => {
    const other = await startRedis();
    onTestFinished(() => other.kill());
    const balancer = await startBalancer([redis.port]);
    onTestFinished(() => balancer.close());
    const { url } = await hubFor({ storage: ioredisStorage(balancer.port) });
    await publish(url, { topic: 'a', id: '1' });
    const listener = await subscribe(url, { topic: 'a' });
    await until(() => expect(listener.marks).toEqual(['1']));
    const admin = new Redis(other.port);
    onTestFinished(() => admin.disconnect());
    await admin.call('XADD', `log${stream}`, '*', 'entry', '{"id":"2","topics":["a"]}');
    await admin.call('XADD', `log${stream}`, '*', 'entry', '{"id":"3","topics":["a"]}');
    balancer.redirect([other.port]);
    await until(() => expect(listener.state).toBe('ended'));
    expect(listener.events).toEqual([]);
    const all = await subscribe(url, { topic: 'a', lastEventID: 'earliest' });
    await until(() => expect(all.events.map(({ id }) => id)).toEqual(['2', '3']));
  });
});

it.each(['mysql://x', 'file:', 'redis://', 'redis://127.0.0.1?wait=x'])(
  'is no storage: %s',
  async (name) => {
    await expect(openStorage(name)).rejects.toThrow('storage must be');
  },
);
