// @vitest-environment node
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished, vi, type TestContext } from 'vitest';
import { startHubProcess } from '../servers/hubProcess.js';
import { freePort } from '../servers/ports.js';
import { hasRedis, startRedis } from '../servers/redis.js';
import { startLink } from '../servers/tcpLink.js';
import { bearer, DEMO_KEY, DEMO_TOKEN, subscribe, until } from './client.js';
import { Follower, publishUntilTaken } from './Follower.js';

// Redis is away for 20 s, and processes take their time to start beside other work.
vi.setConfig({ testTimeout: 120_000 });

const AWAY = 20_000;
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const integers = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Two hubs on a Redis that is reached through a link, two followers of each, and publishers. */
async function startHubs(
  onTestFinished: TestContext['onTestFinished'],
  options: readonly string[] = [],
) {
  const folder = await mkdtemp(join(tmpdir(), 'redis-'));
  const settings = ['--appendonly', 'yes', '--dir', folder];
  let redis = await startRedis(settings);
  const { port } = redis;
  const link = await startLink(port);
  const hubs = await Promise.all(
    [1, 2].map(async () => {
      const metricsPort = await freePort();
      const monitoring = ['--metrics-port', String(metricsPort), ...options];
      const storage = ['--storage', `redis://127.0.0.1:${link.port}`];
      const keys = { MERCURE_PUBLISHER_JWT_KEY: DEMO_KEY, MERCURE_SUBSCRIBER_JWT_KEY: DEMO_KEY };
      const hub = await startHubProcess(['--anonymous', ...storage, ...monitoring], keys);
      return { hub, url: hub.url, monitor: `http://127.0.0.1:${metricsPort}` };
    }),
  );
  const followers = hubs.flatMap(({ url }) => [new Follower(url), new Follower(url)]);
  onTestFinished(async () => {
    for (const follower of followers) follower.stop();
    await Promise.all(hubs.map(({ hub }) => hub.kill()));
    await link.close();
    await redis.kill();
    await rm(folder, { recursive: true, force: true });
  });
  await until(() => expect(followers.every(({ isReady }) => isReady)).toBe(true), {
    timeout: 30_000,
  });

  /** How long publishers have waited for each answer, in ms. */
  const waits: number[] = [];
  let count = 0;
  let isPublishing = true;
  const publishInTurn = async () => {
    for (; isPublishing; await pause(20)) {
      const id = count++;
      const tries = await publishUntilTaken(hubs[id % 2]!.url, String(id), DEMO_TOKEN);
      waits.push(...tries);
    }
  };
  const publishing = Promise.all(integers(4).map(publishInTurn));
  return {
    link,
    hubs,
    waits,
    redis: {
      port,
      get pid() {
        return redis.pid!;
      },
      kill: () => redis.kill(),
      restart: async () => void (redis = await startRedis(settings, port)),
    },
    /** Resolves once all that was published has been heard: once by each, in one order. */
    async expectAllHeardOnce() {
      isPublishing = false;
      await publishing;
      for (const { ids } of followers) {
        await until(() => expect(ids.length).toBeGreaterThanOrEqual(count), { timeout: 30_000 });
      }
      for (const { ids, gaps, streams } of followers) {
        expect(ids.map(Number).sort((a, b) => a - b)).toEqual(integers(count));
        expect(ids).toEqual(followers[0]!.ids);
        expect({ gaps, streams }).toEqual({ gaps: 0, streams: 1 });
      }
    },
  };
}

const health = async (monitor: string) => (await fetch(`${monitor}/health`)).json();
const lagOf = async (monitor: string) => {
  const metrics = await (await fetch(`${monitor}/metrics`)).text();
  return Number(/^mercure_storage_lag_seconds (\S+)$/m.exec(metrics)![1]);
};

describe.skipIf(!hasRedis)('hubs on a Redis', () => {
  it('that is slow lose nothing, double nothing and refuse nothing', async () => {
    const { link, hubs, redis, waits, expectAllHeardOnce } = await startHubs(onTestFinished);
    let chunks = 0;
    link.delay = () => 100 + (chunks++ % 7) * 20;
    const admin = new Redis(redis.port);
    onTestFinished(() => admin.disconnect());
    for (const { monitor } of hubs) {
      await until(async () => expect(await lagOf(monitor)).toBeGreaterThan(0.1));
    }
    for (const _ of integers(3)) {
      await admin.call('CLIENT', 'PAUSE', '1500', 'ALL');
      await pause(2_000);
    }
    for (const { monitor } of hubs) expect(await health(monitor)).toEqual({ status: 'ready' });
    link.delay = () => 0;
    await expectAllHeardOnce();
    for (const { monitor } of hubs) {
      await until(async () => expect(await lagOf(monitor)).toBeLessThan(0.1));
    }
    expect(Math.max(...waits)).toBeGreaterThan(1_500);
  });

  it.for<[how: string, leave: Away, comeBack: Away]>([
    [
      'hangs',
      ({ redis }) => void process.kill(redis.pid, 'SIGSTOP'),
      ({ redis }) => void process.kill(redis.pid, 'SIGCONT'),
    ],
    ['cannot be reached', ({ link }) => link.unplug(), ({ link }) => link.plug()],
    ['is down', ({ redis }) => redis.kill(), ({ redis }) => redis.restart()],
  ])(
    'that %s for 20 s say so, keep their streams, lose nothing and double nothing',
    async ([, leave, comeBack], { onTestFinished }) => {
      const rig = await startHubs(onTestFinished, ['--subscriptions']);
      const { hubs, waits, expectAllHeardOnce } = rig;
      const topic = '/.well-known/mercure/subscriptions/{topic}/{subscriber}';
      const headers = bearer(DEMO_TOKEN);
      const watchers = await Promise.all(
        hubs.map(({ url }) => subscribe(url, { topic }, { headers })),
      );
      const leftAt = performance.now();
      await leave(rig);
      for (const { monitor } of hubs) {
        await until(async () => expect(await health(monitor)).toEqual({ status: 'behind' }), {
          timeout: AWAY,
        });
        expect(await lagOf(monitor)).toBeGreaterThan(10);
      }
      await pause(leftAt + AWAY - performance.now());
      await comeBack(rig);
      for (const { monitor } of hubs) {
        await until(async () => expect(await health(monitor)).toEqual({ status: 'ready' }), {
          timeout: 20_000,
        });
        await until(async () => expect(await lagOf(monitor)).toBeLessThan(1));
      }
      await expectAllHeardOnce();
      // The time limit is 5 s; the rest is for a busy machine.
      expect(Math.max(...waits)).toBeLessThan(8_000);
      // By then a hub would have taken the other one for dead.
      await pause(6_000);
      for (const { data, state } of watchers) {
        expect(state).toBe('open');
        expect(data.filter((each) => !JSON.parse(each).active)).toEqual([]);
      }
    },
  );
});

type Away = (rig: Awaited<ReturnType<typeof startHubs>>) => Promise<void> | void;
