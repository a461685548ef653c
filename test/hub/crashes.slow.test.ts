// @vitest-environment node
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { HUB_PATH } from '../../src/mercure/index.js';
import { startBalancer, startHubProcess, type HubProcess } from '../servers/hubProcess.js';
import { freePort } from '../servers/ports.js';
import { nginx, startDocumentedNginx } from '../servers/proxies.js';
import { hasRedis, startRedis } from '../servers/redis.js';
import { openStorage } from '../../src/hub/storage/openStorage.js';
import { Redis } from 'ioredis';
import { DEMO_KEY, DEMO_TOKEN, publish, subscribe, until } from './client.js';
import { Follower, publishMany, publishUntilTaken } from './Follower.js';
import { hubFor } from './hubs.js';

const COUNT = 1_000;

// Processes take their time to start beside other work.
vi.setConfig({ testTimeout: 120_000 });

const sorted = (ids: readonly string[]) => ids.map(Number).sort((a, b) => a - b);
const all = Array.from({ length: COUNT }, (_, index) => index);
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function startFollowers(url: string, count: number): Promise<Follower[]> {
  const followers = Array.from({ length: count }, () => new Follower(url));
  onTestFinished(() => followers.forEach((follower) => follower.stop()));
  await until(() => expect(followers.every(({ isReady }) => isReady)).toBe(true), {
    timeout: 30_000,
  });
  return followers;
}

/** Kills hubs, one after another, while `work` goes on. */
async function crash(hubs: HubProcess[], times: number, work: Promise<void>): Promise<void> {
  for (let count = 0; count < times; count++) {
    await pause(150);
    const hub = hubs[count % hubs.length]!;
    await hub.kill();
    await pause(50);
    await hub.start();
  }
  await work;
}

it('loses nothing that was acknowledged by a hub on a file, over five crashes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hub-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const hub = await startHubProcess(['--storage', `file:${join(folder, 'updates')}`]);
  onTestFinished(() => hub.kill());
  const followers = await startFollowers(hub.url, 3);
  await crash([hub], 5, publishMany(hub.url, COUNT));
  for (const { ids } of followers) {
    await until(() => expect(ids.length).toBeGreaterThanOrEqual(COUNT), { timeout: 30_000 });
  }
  for (const follower of followers) {
    expect(sorted(follower.ids)).toEqual(all);
    expect(follower.gaps).toBe(0);
  }
});

it.skipIf(process.platform !== 'linux')(
  'answers 503 while a hub can write no more to its file, and goes on once there is room',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hub-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const hub = await startHubProcess(['--storage', `file:${join(folder, 'updates')}`]);
    onTestFinished(() => hub.kill());
    const limitFiles = (bytes: number | 'unlimited') =>
      execFileSync('prlimit', ['--pid', String(hub.pid), `--fsize=${bytes}:`]);
    const send = async (id: string) => {
      const { status } = await publish(hub.url, { topic: 'a', id, data: 'x'.repeat(1_000) });
      return status;
    };
    const listener = await subscribe(hub.url, { topic: 'a' });
    limitFiles(5_000);
    const statuses: number[] = [];
    for (let id = 0; id < 8; id++) statuses.push(await send(String(id)));
    expect(statuses).toEqual([200, 200, 200, 200, 503, 503, 503, 503]);
    limitFiles('unlimited');
    expect(await send('later')).toBe(200);
    const acknowledged = ['0', '1', '2', '3', 'later'];
    const idsOf = ({ events }: typeof listener) =>
      events.filter(({ data }) => data.startsWith('x')).map(({ id }) => id);
    await until(() => expect(idsOf(listener)).toEqual(acknowledged));
    await hub.kill();
    await hub.start();
    const restarted = await subscribe(hub.url, { topic: 'a', lastEventID: 'earliest' });
    await until(() => expect(restarted.marks).toEqual(['later']));
    expect(idsOf(restarted)).toEqual(acknowledged);
  },
);

describe.skipIf(!hasRedis)('several hubs on one Redis', () => {
  it('run as docs/compose.yaml lays them out, and stop one after another unnoticed', async () => {
    const file = await readFile(join(import.meta.dirname, '../../docs/compose.yaml'), 'utf8');
    const [, line] = /react-signaling hub (.+)/.exec(file)!;
    const redis = await startRedis();
    onTestFinished(() => redis.kill());
    const options = line!
      .replace('redis://redis:6379', redis.url)
      .replace('--host 0.0.0.0', '--host 127.0.0.1')
      .replace('--drain 5s', '--drain 300ms')
      .replace('--metrics-port 9090', '')
      .split(/\s+/);
    const keys = { MERCURE_PUBLISHER_JWT_KEY: DEMO_KEY, MERCURE_SUBSCRIBER_JWT_KEY: DEMO_KEY };
    const hubs = await Promise.all([1, 2].map(() => startHubProcess(options, keys)));
    onTestFinished(async () => void (await Promise.all(hubs.map((hub) => hub.kill()))));
    const [one, two] = hubs.map(({ port }) => port) as [number, number];
    const port = await freePort();
    const balancer = nginx
      ? await startDocumentedNginx(port, [one, two])
      : await startBalancer([one, two], port);
    onTestFinished(() => balancer.close());
    const url = `http://127.0.0.1:${port}${HUB_PATH}`;
    const followers = await startFollowers(url, 4);
    for (const hub of hubs) {
      const stopping = hub.stop();
      for (let count = 0; count < 20; count++) {
        await publishUntilTaken(url, `${hub.port}-${count}`, DEMO_TOKEN);
      }
      expect(await stopping).toBe(0);
      await hub.start();
    }
    for (const { ids } of followers) {
      await until(() => expect(ids).toHaveLength(40), { timeout: 30_000 });
    }
    for (const { ids, gaps } of followers) {
      expect(ids).toEqual(followers[0]!.ids);
      expect(gaps).toBe(0);
    }
  });

  it('lose nothing, double nothing and tell no gap, over six crashes', async () => {
    const redis = await startRedis();
    onTestFinished(() => redis.kill());
    const hubs = await Promise.all([1, 2, 3].map(() => startHubProcess(['--storage', redis.url])));
    onTestFinished(async () => void (await Promise.all(hubs.map((hub) => hub.kill()))));
    const balancer = await startBalancer(hubs.map(({ port }) => port));
    onTestFinished(() => balancer.close());
    const url = `http://127.0.0.1:${balancer.port}${HUB_PATH}`;
    const followers = await startFollowers(url, 6);
    await crash(hubs, 6, publishMany(url, COUNT));
    for (const { ids } of followers) {
      await until(() => expect(ids.length).toBeGreaterThanOrEqual(COUNT), { timeout: 30_000 });
    }
    for (const follower of followers) {
      expect(sorted(follower.ids)).toEqual(all);
      expect(follower.ids).toEqual(followers[0]!.ids);
      expect(follower.gaps).toBe(0);
    }
  });

  it('announce once that the subscribers of a dead one are gone', async () => {
    const redis = await startRedis();
    const admin = new Redis(redis.port);
    onTestFinished(async () => {
      admin.disconnect();
      await redis.kill();
    });
    const options = ['--storage', redis.url, '--subscriptions'];
    const keys = { MERCURE_PUBLISHER_JWT_KEY: DEMO_KEY, MERCURE_SUBSCRIBER_JWT_KEY: DEMO_KEY };
    const hubs = await Promise.all([1, 2, 3].map(() => startHubProcess(options, keys)));
    onTestFinished(async () => void (await Promise.all(hubs.map((hub) => hub.kill()))));
    const [dying, one, two] = hubs as [HubProcess, HubProcess, HubProcess];
    const headers = { Authorization: `Bearer ${DEMO_TOKEN}` };
    const topic = '/.well-known/mercure/subscriptions/{topic}/{subscriber}';
    const watcher = await subscribe(one.url, { topic }, { headers });
    const about = (room: string) =>
      watcher.data.map((data) => JSON.parse(data)).filter((each) => each.topic === room);
    await subscribe(dying.url, { topic: 'lost' }, { headers });
    await subscribe(two.url, { topic: 'kept' }, { headers });
    await until(() => expect([about('lost'), about('kept')].flat()).toHaveLength(2));
    await dying.kill();
    for (const key of await admin.keys('mercure:hub:*:alive')) {
      // So long it is believed to live; the others show within 5 s that they do.
      expect(await admin.pttl(key)).toBeLessThanOrEqual(20_000);
      await admin.pexpire(key, 6_000);
    }
    await until(() => expect(about('lost')).toHaveLength(2), { timeout: 40_000 });
    // By then the others would have announced it again.
    await pause(6_000);
    expect(about('lost').map(({ active }) => active)).toEqual([true, false]);
    expect(about('kept').map(({ active }) => active)).toEqual([true]);
    const list = await fetch(`${one.url}/subscriptions/lost`, { headers });
    expect((await list.json()).subscriptions).toEqual([]);
  });

  it('tell each subscriber one gap after a failover to a replica that lagged behind', async () => {
    const { failover, storage, detachReplica } = await startPair();
    const { url } = await hubFor({ storage: await storage() });
    const followers = await startFollowers(url, 5);
    for (let id = 0; id < 20; id++) await publishUntilTaken(url, String(id));
    await detachReplica();
    for (let id = 20; id < 30; id++) await publishUntilTaken(url, String(id));
    for (const { ids } of followers) {
      await until(() => expect(ids).toHaveLength(30), { timeout: 30_000 });
    }
    await failover();
    await publishUntilTaken(url, '30');
    for (const follower of followers) {
      await until(() => expect(follower.gaps).toBe(1), { timeout: 30_000 });
    }
    await publishUntilTaken(url, '31');
    for (const follower of followers) {
      await until(() => expect(follower.ids.at(-1)).toBe('31'), { timeout: 30_000 });
      expect(follower.gaps).toBe(1);
      expect(new Set(follower.ids).size).toBe(follower.ids.length);
    }
  });

  it('lose nothing that was acknowledged by a replica too', async () => {
    const { failover, storage, detachReplica } = await startPair();
    const { url } = await hubFor({ storage: await storage('?wait=1') });
    for (let id = 0; id < 20; id++) await publishUntilTaken(url, String(id));
    await detachReplica();
    const late = await publish(url, { topic: 'a', id: 'late' });
    expect(late.status).toBe(503);
    await failover();
    await until(
      async () => {
        const stream = await subscribe(url, { topic: 'a', lastEventID: 'earliest' });
        await until(() => expect(stream.marks).toHaveLength(1));
        const ids = stream.events.map(({ id }) => id);
        stream.close();
        expect(ids).toEqual(Array.from({ length: 20 }, (_, id) => String(id)));
      },
      { timeout: 30_000 },
    );
  });
});

/** A primary and its replica, behind one address. */
async function startPair() {
  const primary = await startRedis();
  const replica = await startRedis(['--replicaof', `127.0.0.1 ${primary.port}`]);
  const balancer = await startBalancer([primary.port]);
  const admin = new Redis(replica.port);
  const source = new Redis(primary.port);
  admin.on('error', () => {});
  source.on('error', () => {});
  onTestFinished(async () => {
    admin.disconnect();
    source.disconnect();
    await balancer.close();
    await Promise.all([primary.kill(), replica.kill()]);
  });
  await until(async () => expect(await source.call('WAIT', '1', '100')).toBe(1), {
    timeout: 30_000,
  });
  return {
    storage: (options = '') => openStorage(`redis://127.0.0.1:${balancer.port}${options}`),
    /** From now on the replica lags behind. */
    detachReplica: async () => void (await admin.call('REPLICAOF', 'NO', 'ONE')),
    async failover() {
      source.disconnect();
      await primary.kill();
      balancer.redirect([replica.port]);
    },
  };
}
