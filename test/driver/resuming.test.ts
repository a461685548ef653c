// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { type StartHubOptions } from '../../src/testing/index.js';
import { connect, encode, listen, logReports, openHub, openScriptedHub, reopens } from './rig.js';

// Where a stream goes on after a break, and what is said where that cannot be known.

const HUBS: [name: string, options: StartHubOptions][] = [
  ['0.x', { protocol: '0.x' }],
  ['0.x that names no topics', { protocol: '0.x', topics: false }],
  ['0.x that names topics without marks', { protocol: '0.x', topics: 'unmarked' }],
  ['1.0', { protocol: '1.0' }],
  ['1.0 that names no topics', { protocol: '1.0', topics: false }],
  ['1.0 that names topics without marks', { protocol: '1.0', topics: 'unmarked' }],
];

describe.each(HUBS)('a stream that breaks before its first signal, on %s', (_, options) => {
  it.each([1, 3])('misses nothing without a gap, with %i topics', async (count) => {
    const { url, hub } = await openHub(options);
    const driver = connect({ url });
    const reports = logReports(driver);
    const topics = ['one', 'two', 'three'].slice(0, count);
    const heard = await Promise.all(topics.map((topic) => listen(driver, topic)));
    await reopens(driver, () => {
      hub.disrupt({ streams: 'cut' });
      for (const topic of topics) hub.publish({ topics: [topic], data: 'meanwhile' });
    });
    for (const topic of topics) hub.publish({ topics: [topic], data: 'after' });
    await expect.poll(() => heard.every((each) => each.includes('after'))).toBe(true);
    const told = reports.gaps.flatMap((gap) => gap.topics);
    for (const [index, topic] of topics.entries()) {
      if (heard[index]!.includes('meanwhile')) expect(told).not.toContain(topic);
      else expect(told.filter((each) => each === topic)).toEqual([topic]);
      expect(heard[index]!.filter((each) => each !== 'meanwhile')).toEqual(['after']);
    }
    expect(reports.errors).toEqual([]);
  });

  it('misses nothing at all where the driver has published, whatever the topic', async () => {
    const { url, hub } = await openHub(options);
    const driver = connect({ url });
    const reports = logReports(driver);
    const heard = await listen(driver, 'room');
    await driver.publish('elsewhere', encode('a cursor'));
    hub.disrupt({ streams: 'cut' });
    hub.publish({ topics: ['room'], data: 'meanwhile' });
    await expect.poll(() => heard).toEqual(['meanwhile']);
    expect(reports).toEqual({ gaps: [], errors: [] });
  });
});

it.each(HUBS.filter(([, { topics }]) => topics === undefined))(
  'a mark at the start is a cursor: nothing is lost before the first signal, on %s',
  async (_, options) => {
    const { url, hub } = await openHub(options);
    hub.publish({ topics: ['elsewhere'], data: 'so that there is an id' });
    const driver = connect({ url });
    const reports = logReports(driver);
    const heard = await listen(driver, 'room');
    // A stream that ends cleanly has been read whole, with its mark.
    hub.disrupt({ streams: 'end' });
    hub.publish({ topics: ['room'], data: 'meanwhile' });
    await expect.poll(() => heard).toEqual(['meanwhile']);
    expect(reports).toEqual({ gaps: [], errors: [] });
  },
);

it('a hub without ids, history or cursors: each break is one gap, and nothing else is said', async () => {
  const hub = await openScriptedHub();
  const driver = connect({ url: hub.url });
  const reports = logReports(driver);
  const heard = await listen(driver, 'room');
  for (let breaks = 1; breaks <= 3; breaks++) {
    hub.stream.reset();
    await expect.poll(() => hub.subscriptions.length).toBe(breaks + 1);
    await expect.poll(() => hub.streams.size).toBe(1);
    hub.send('room', { data: `${breaks}` });
    await expect.poll(() => heard.length).toBe(breaks);
  }
  expect(reports.errors).toEqual([]);
  expect(reports.gaps).toEqual(
    [1, 2, 3].map(() => ({ topics: ['room'], lastEventId: undefined, missed: undefined })),
  );
});

it('a subscription that was never accepted has missed nothing', async () => {
  const hub = await openScriptedHub();
  const { respond } = hub;
  hub.respond = (_, reply) => reply.reset();
  const driver = connect({ url: hub.url });
  const reports = logReports(driver);
  const subscribed = listen(driver, 'room');
  await expect.poll(() => hub.requests.length).toBeGreaterThan(2);
  hub.respond = respond;
  await subscribed;
  expect(reports).toEqual({ gaps: [], errors: [] });
});

it.each([
  ['the cursor itself', 'id-1', []],
  ['no header', undefined, []],
  ['earliest', 'earliest', [{ topics: ['room'], lastEventId: 'id-1', missed: undefined }]],
  ['an older id', 'id-0', [{ topics: ['room'], lastEventId: 'id-1', missed: undefined }]],
])('a hub that resumes from %s', async (_, header, gaps) => {
  const hub = await openScriptedHub();
  const driver = connect({ url: hub.url });
  const reports = logReports(driver);
  const heard = await listen(driver, 'room');
  hub.send('room', { id: 'id-1', data: 'first' });
  await expect.poll(() => heard).toEqual(['first']);
  if (header !== undefined) hub.headers = { 'Last-Event-ID': header };
  hub.stream.reset();
  await expect.poll(() => hub.subscriptions.map(({ cursor }) => cursor).at(-1)).toBe('id-1');
  await expect.poll(() => driver.active).toBe(true);
  hub.send('room', { id: 'id-2', data: 'second' });
  await expect.poll(() => heard).toEqual(['first', 'second']);
  expect(reports).toEqual({ gaps, errors: [] });
});

it('a hub that forgets again and again: each time is one gap', async () => {
  const { url, hub } = await openHub();
  const driver = connect({ url });
  const reports = logReports(driver);
  const heard = await listen(driver, 'room');
  for (let round = 1; round <= 3; round++) {
    hub.publish({ topics: ['room'], data: `${round}` });
    await expect.poll(() => heard.length).toBe(round);
    hub.disrupt({ streams: 'cut', forget: true });
    await expect.poll(() => reports.gaps.length).toBe(round);
    await expect.poll(() => driver.active).toBe(true);
  }
  expect(reports.errors).toEqual([]);
});

describe('a hub that names topics and sends no mark', () => {
  it.each([
    ['which it announces', { 'Event-Stream-Fields': 'topics' }],
    ['which it does not announce', {}],
  ])('%s: every signal is delivered, to who comes late too', async (_, headers) => {
    const hub = await openScriptedHub();
    hub.headers = headers;
    const driver = connect({ url: hub.url });
    const reports = logReports(driver);
    const heard = new Map([['one', await listen(driver, 'one')]]);
    let id = 0;
    const say = (topic: string) => {
      hub.send(topic, { id: `id-${++id}`, topics: [topic], data: `${topic} ${id}` });
      return expect.poll(() => heard.get(topic)!.at(-1)).toBe(`${topic} ${id}`);
    };
    await say('one');
    for (const topic of ['two', 'three']) {
      heard.set(topic, await listen(driver, topic));
      await expect.poll(() => hub.streams.size).toBe(1);
      for (const each of heard.keys()) await say(each);
    }
    await expect.poll(() => hub.streams.size).toBe(1);
    expect(reports).toEqual({ gaps: [], errors: [] });
  });
});

it('an update that is too large is not asked for again after a break', async () => {
  const hub = await openScriptedHub();
  const driver = connect({ url: hub.url });
  const reports = logReports(driver);
  const heard = await listen(driver, 'room');
  hub.send('room', { id: 'large', data: 'x'.repeat(17 * 1024 * 1024) });
  await expect.poll(() => reports.errors).toMatchObject([{ code: 'overflow' }]);
  expect(reports.errors[0]!.message).toContain('"large"');
  hub.stream.reset();
  await expect.poll(() => hub.subscriptions.length).toBe(2);
  expect(hub.subscriptions[1]!.cursor).toBe('large');
  await expect.poll(() => driver.active).toBe(true);
  hub.send('room', { id: 'small', data: 'after' });
  await expect.poll(() => heard).toEqual(['after']);
});
