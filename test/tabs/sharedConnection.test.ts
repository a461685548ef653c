// @vitest-environment node
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { TabsDriver, type TabsDriverOptions } from '../../src/driver/index.js';
import { FaultProxy } from '../servers/faultProxy.js';
import {
  decode,
  encode,
  listen,
  listenToEvents,
  logReports,
  openHub,
  reasonOf,
} from '../driver/rig.js';
import { MemoryLocks } from './memoryLocks.js';

// Tabs of one browser are drivers of one process here: the channel is Node's, the locks are made.

let locks: MemoryLocks;

beforeEach(() => {
  locks = new MemoryLocks();
  vi.stubGlobal('navigator', { locks });
  return () => vi.unstubAllGlobals();
});

async function openBrowser(options: Parameters<typeof openHub>[0] = {}) {
  const { url, hub } = await openHub(options);
  const proxy = await FaultProxy.start(url);
  onTestFinished(() => proxy.close());
  const open = (more: TabsDriverOptions = {}) => {
    const tab = new TabsDriver({
      url: proxy.url,
      encoding: 'text',
      retry: { base: 5, max: 20 },
      ...more,
    });
    onTestFinished(() => tab.destroy());
    return tab;
  };
  return { hub, proxy, open };
}

describe('tabs with the same hub and the same credentials', () => {
  it('share one stream for what all of them want, and hear each other', async () => {
    const { hub, proxy, open } = await openBrowser();
    const tabs = [open(), open(), open()];
    const heard = await Promise.all(tabs.map((tab) => listen(tab, 'room')));
    const other = await listen(tabs[1]!, 'other');
    for (const [index, tab] of tabs.entries()) await tab.publish('room', encode(`${index}`));
    hub.publish({ topics: ['other'], data: 'for one' });
    await expect.poll(() => heard).toEqual([0, 1, 2].map(() => ['0', '1', '2']));
    await expect.poll(() => other).toEqual(['for one']);
    await expect.poll(() => proxy.streams.size).toBe(1);
  });

  it('take lists and selectors, with the topic of each update', async () => {
    const { hub, proxy, open } = await openBrowser();
    const [leader, follower] = [open(), open()];
    await listen(leader, 'plain');
    const events = await Promise.all([
      listenToEvents(follower, ['one', 'two']),
      listenToEvents(follower, 'https://example.com/{id}'),
      listenToEvents(follower, '*'),
    ]);
    const topics = ['one', 'two', 'https://example.com/1'];
    for (const topic of topics) hub.publish({ topics: [topic], data: topic });
    const seen = () => events.map((each) => each.map(({ topic }) => topic));
    await expect.poll(seen).toEqual([['one', 'two'], ['https://example.com/1'], topics]);
    await expect.poll(() => proxy.streams.size).toBe(3);
  });

  it('know which signals are their own', async () => {
    const { open } = await openBrowser();
    const [leader, follower] = [open(), open()];
    const events = [await listenToEvents(leader, 'room'), await listenToEvents(follower, 'room')];
    await follower.publish('room', encode('x'));
    await expect.poll(() => events.map((each) => each[0]?.own)).toEqual([false, true]);
  });

  it('go on where the leader was when it is gone: nothing lost, nothing twice', async () => {
    const { hub, proxy, open } = await openBrowser();
    const tabs = [open(), open(), open()];
    const reports = tabs.map(logReports);
    const heard = await Promise.all(tabs.map((tab) => listen(tab, 'room')));
    let count = 0;
    const say = () => hub.publish({ topics: ['room'], data: `${count++}` });
    void say();
    await expect.poll(() => heard.map(({ length }) => length)).toEqual([1, 1, 1]);
    for (const gone of [0, 1]) {
      tabs[gone]!.destroy();
      for (let burst = 0; burst < 5; burst++) void say();
      await expect.poll(() => heard[2]!.length).toBe(count);
    }
    expect(heard[2]).toEqual(Array.from({ length: count }, (_, index) => `${index}`));
    await expect.poll(() => proxy.streams.size).toBe(1);
    expect(reports[2]).toEqual({ gaps: [], errors: [] });
  });

  it('publish through the next leader what the last one left', async () => {
    const { proxy, open } = await openBrowser();
    const [leader, follower] = [open(), open()];
    await listen(leader, 'room');
    const heard = await listen(follower, 'room');
    proxy.decide = ({ method }) => (method === 'POST' ? { kind: 'hang' } : undefined);
    const published = follower.publish('room', encode('kept'));
    await expect.poll(() => proxy.requests.some(({ method }) => method === 'POST')).toBe(true);
    proxy.decide = () => undefined;
    leader.destroy();
    await published;
    await expect.poll(() => heard).toEqual(['kept']);
  });

  it('are each told what the hub refuses, as the error it is', async () => {
    const { proxy, open } = await openBrowser();
    const [leader, follower] = [open(), open()];
    await listen(leader, 'room');
    proxy.decide = ({ url, method }) =>
      method === 'POST' || url!.includes('bad') ? { kind: 'answer', status: 403 } : undefined;
    const error = { name: 'SignalingError', code: 'unauthorized', status: 403 };
    expect(await reasonOf(listen(follower, 'bad'))).toMatchObject({ ...error, topic: 'bad' });
    expect(await reasonOf(follower.publish('room', encode('x')))).toMatchObject(error);
    expect(leader.stateOf('room').status).toBe('open');
  });

  it('all show when the hub is away, and when it is back', async () => {
    const { hub, proxy, open } = await openBrowser();
    const tabs = [open(), open()];
    for (const tab of tabs) await listen(tab, 'room');
    proxy.decide = () => ({ kind: 'answer', status: 503 });
    hub.disrupt({ streams: 'cut' });
    for (const tab of tabs) await expect.poll(() => tab.connection.error?.status).toBe(503);
    proxy.decide = () => undefined;
    for (const tab of tabs) await expect.poll(() => tab.connection.status).toBe('open');
  });

  it('end the stream of a topic that no tab wants any more', async () => {
    const { proxy, open } = await openBrowser({ topics: false });
    const [leader, follower] = [open(), open()];
    await listen(leader, 'room');
    await listen(follower, 'room');
    await listen(follower, 'other');
    expect(proxy.streams.size).toBe(2);
    await leader.unsubscribe('room');
    await follower.unsubscribe('other');
    await expect.poll(() => proxy.streams.size).toBe(1);
    follower.destroy();
    await expect.poll(() => proxy.streams.size).toBe(0);
  });

  it('leave no lock behind', async () => {
    const { proxy, open } = await openBrowser();
    const tabs = [open(), open()];
    for (const tab of tabs) await listen(tab, 'room');
    expect(locks.held.length).toBe(3);
    for (const tab of tabs) tab.destroy();
    await expect.poll(() => locks.held).toEqual([]);
    await expect.poll(() => proxy.inFlight).toBe(0);
  });
});

describe('tabs that do not share', () => {
  const apart: [name: string, first: TabsDriverOptions, second: TabsDriverOptions][] = [
    ['other headers', {}, { subscriber: { headers: { 'X-User': 'bob' } } }],
    ['another identity', { identity: 'ada' }, { identity: 'bob' }],
    ['an identity and none', { identity: 'ada' }, {}],
  ];
  it.each(apart)('for %s', async (_, first, second) => {
    const { hub, proxy, open } = await openBrowser();
    const tabs = [open(first), open(second)];
    const heard = await Promise.all(tabs.map((tab) => listen(tab, 'room')));
    await expect.poll(() => proxy.streams.size).toBe(2);
    hub.publish({ topics: ['room'], data: 'x' });
    await expect.poll(() => heard).toEqual([['x'], ['x']]);
  });

  it('share all the same where their `identity` is one', async () => {
    const { proxy, open } = await openBrowser();
    for (const token of ['one', 'two']) {
      const tab = open({ identity: 'ada', subscriber: { headers: { 'X-Token': token } } });
      await listen(tab, 'room');
    }
    expect(proxy.streams.size).toBe(1);
  });

  it('never put a credential into the name of a lock', async () => {
    const { open } = await openBrowser();
    await listen(open({ subscriber: { headers: { 'X-Key': 'secret' } }, identity: 'me' }), 'room');
    expect(locks.held.length).toBeGreaterThan(0);
    expect(locks.held.join()).not.toMatch(/secret|me\b|127\.0\.0\.1/);
  });
});

it('a tab whose credentials cannot be had is alone, and reports it', async () => {
  const { open } = await openBrowser();
  let fails = true;
  const subscriber = () => {
    if (fails) throw new Error('no token');
    return {};
  };
  const tab = open({ subscriber });
  const { errors } = logReports(tab);
  const subscribed = listen(tab, 'room');
  await expect.poll(() => errors.map(({ code }) => code)).toEqual(['credentials']);
  fails = false;
  await subscribed;
});

it('a tab whose credentials never come says so, and goes on once they do', async () => {
  const { open } = await openBrowser();
  let calls = 0;
  const subscriber = () => (++calls === 1 ? new Promise<never>(() => {}) : {});
  const tab = open({ subscriber, timeout: 200 });
  await listen(tab, 'room');
  expect(calls).toBeGreaterThan(1);
});

it('`keepalive` goes out from its own tab, also where the leader does not answer', async () => {
  const { proxy, open } = await openBrowser();
  const [leader, follower] = [open(), open()];
  await listen(leader, 'room');
  const heard: string[] = [];
  await follower.subscribe('room', (data) => heard.push(decode(data)));
  let posts = 0;
  proxy.decide = ({ method }) =>
    method === 'POST' && posts++ === 0 ? { kind: 'hang' } : undefined;
  const waits = follower.publish('room', encode('waits')).catch(() => {});
  await expect.poll(() => posts).toBe(1);
  await follower.publish('room', encode('bye'), { keepalive: true });
  await expect.poll(() => heard).toEqual(['bye']);
  follower.destroy();
  await waits;
});
