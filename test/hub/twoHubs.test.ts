// @vitest-environment node
import { SseDriver } from '../../src/driver/index.js';
import { openStorage } from '../../src/hub/storage/openStorage.js';
import { HUB_PATH } from '../../src/mercure/index.js';
import { startHub } from '../../src/testing/index.js';
import { describe } from 'vitest';
import { describeDriver } from '../driver/suite.js';
import { startBalancer } from '../servers/hubProcess.js';
import { hasRedis, startRedis } from '../servers/redis.js';

/** Each connection of a driver goes to the other one of two hubs, which share a Redis. */
async function openTwoHubs() {
  const redis = await startRedis();
  const hubs = await Promise.all(
    [1, 2].map(async () => startHub({ storage: await openStorage(redis.url) })),
  );
  const balancer = await startBalancer(hubs.map(({ url }) => Number(new URL(url).port)));
  return {
    connect: () => new SseDriver({ url: `http://127.0.0.1:${balancer.port}${HUB_PATH}` }),
    async close() {
      await balancer.close();
      await Promise.all(hubs.map((hub) => hub.close()));
      await redis.kill();
    },
  };
}

describe.runIf(hasRedis)('on a Redis', () => {
  describeDriver('SseDriver on two hubs behind a balancer', openTwoHubs, {
    keepsIds: true,
    longest: 700_000,
  });
});
