// @vitest-environment node
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { TabsDriver, type SignalHandler } from '../../src/driver/index.js';
import { startHub } from '../../src/testing/index.js';
import { describePast } from '../driver/past.js';
import { decode, encode, logReports } from '../driver/rig.js';
import { MemoryLocks } from './memoryLocks.js';

beforeEach(() => {
  vi.stubGlobal('navigator', { locks: new MemoryLocks() });
  return () => vi.unstubAllGlobals();
});

// The first driver of a test leads, all others follow.
for (const topics of [true, false]) {
  describePast(`tabs of a hub that names ${topics ? 'its' : 'no'} topics`, async () => {
    const { url, close } = await startHub({ topics });
    return { connect: () => new TabsDriver({ url, retry: { base: 5, max: 20 } }), close };
  });
}

const range = (count: number) => Array.from({ length: count }, (_, index) => `${index + 1}`);

/** Three tabs, the first of which leads; 600 updates are published. */
async function openTabs(topics?: false) {
  const { url, hub, close } = await startHub({ topics });
  onTestFinished(() => close());
  const open = () => {
    const tab = new TabsDriver({ url, retry: { base: 5, max: 20 } });
    onTestFinished(() => tab.destroy());
    return tab;
  };
  const [leader, follower, bystander] = [open(), open(), open()];
  const others: string[] = [];
  await leader.subscribe('room', () => {});
  await bystander.subscribe('room', (data) => others.push(decode(data)));
  for (const text of range(600)) hub.publish({ topics: ['room'], data: btoa(text) });
  await expect.poll(() => others.length).toBe(600);
  return { leader, follower, bystander, others, reports: logReports(follower) };
}

it.each([
  ['a shared stream', undefined],
  ['a stream of its own', false as const],
])('the past goes on over %s when the leader is gone in the middle', async (_, topics) => {
  const { leader, follower, bystander, others, reports } = await openTabs(topics);
  const heard: string[] = [];
  let pastCount = 0;
  const handler: SignalHandler = (data, { past }) => {
    const count = heard.push(decode(data));
    if (past) pastCount++;
    if (count === 100) leader.destroy();
  };
  await follower.subscribe('room', handler, { since: 'earliest' });
  await bystander.publish('room', encode('601'));
  await expect.poll(() => heard.at(-1)).toBe('601');
  expect(heard).toEqual(range(601));
  expect(pastCount).toBe(600);
  expect(others).toEqual(range(601));
  expect(reports).toEqual({ gaps: [], errors: [] });
});

it('a tab that misses a part of its past gets it all the same', async () => {
  const { follower, bystander, others, reports } = await openTabs();
  const { postMessage } = BroadcastChannel.prototype;
  let count = 0;
  vi.spyOn(BroadcastChannel.prototype, 'postMessage').mockImplementation(function (
    this: BroadcastChannel,
    message: { type: string },
  ) {
    const isLost = message.type === 'received' && ++count === 50;
    if (!isLost) postMessage.call(this, message);
  });
  onTestFinished(() => void vi.restoreAllMocks());
  const heard: string[] = [];
  const handler: SignalHandler = (data) => heard.push(decode(data));
  await follower.subscribe('room', handler, { since: 'earliest' });
  await bystander.publish('room', encode('601'));
  await expect.poll(() => heard.at(-1)).toBe('601');
  expect(count).toBeGreaterThan(50);
  expect(heard).toEqual(range(601));
  expect(others).toEqual(range(601));
  expect(reports).toEqual({ gaps: [], errors: [] });
});
