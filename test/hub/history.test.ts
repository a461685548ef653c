// @vitest-environment node
import { expect, it } from 'vitest';
import { hubFor } from './hubs.js';
import { bearer, DEMO_KEY, DEMO_TOKEN, legacyToken, publish, subscribe, until } from './client.js';

const publishAll = async (url: string, ids: readonly string[], topic = 'a') => {
  for (const id of ids) await publish(url, { topic, id, data: `data of ${id}` });
};

it('replays what came after the cursor, and all of it for "earliest"', async () => {
  const { url } = await hubFor();
  await publishAll(url, ['1', '2', '3']);
  const resumed = await subscribe(url, { topic: 'a', lastEventID: '1' });
  const all = await subscribe(url, { topic: 'a', lastEventID: 'earliest' });
  await until(() => expect(resumed.data).toEqual(['data of 2', 'data of 3']));
  await until(() => expect(all.data).toHaveLength(3));
});

it('understands a cursor from another topic', async () => {
  const { url } = await hubFor();
  await publishAll(url, ['1'], 'other');
  await publishAll(url, ['2']);
  const stream = await subscribe(url, { topic: 'a', lastEventID: '1' });
  await until(() => expect(stream.data).toEqual(['data of 2']));
});

it('replays nothing for an id it does not know', async () => {
  const { url } = await hubFor();
  await publishAll(url, ['1', '2']);
  const stream = await subscribe(url, { topic: 'a', lastEventID: 'unknown' });
  await publishAll(url, ['3']);
  await until(() => expect(stream.data).toEqual(['data of 3']));
});

it.each([
  ['0.x', { topic: 'a' }, null, null],
  ['0.x', { topic: 'a', lastEventID: '' }, null, null],
  ['0.x', { topic: 'a', lastEventID: '1' }, '1', null],
  ['0.x', { topic: 'a', lastEventID: 'unknown' }, '2', null],
  ['1.0', { match: 'a' }, null, null],
  ['1.0', { match: 'a', last_event_id: '1' }, null, '1'],
  ['1.0', { match: 'a', last_event_id: 'earliest' }, null, 'earliest'],
  ['1.0', { match: 'a', last_event_id: 'unknown' }, null, 'earliest'],
  ['1.0', { match: 'a', last_event_id: '' }, null, 'earliest'],
  ['both', { match: 'a' }, null, null],
  ['both', { match: 'a', lastEventID: 'unknown' }, null, 'earliest'],
  ['both', { topic: 'a', last_event_id: 'unknown' }, '2', null],
  ['both', { topic: 'a', match: 'b', last_event_id: '1' }, null, '1'],
] as const)(
  'names the cursor as its version does (%s, %o)',
  async (protocol, asked, older, newer) => {
    const { url } = await hubFor({ protocol });
    await publishAll(url, ['1', '2']);
    const { response } = await subscribe(url, asked);
    expect(response.headers.get('Last-Event-ID')).toBe(older);
    expect(response.headers.get('Mercure-Last-Event-ID')).toBe(newer);
  },
);

it.each([
  ['0.x', { topic: 'a', last_event_id: '1' }],
  ['1.0', { match: 'a', lastEventID: '1' }],
] as const)('ignores the cursor of the other version (%s)', async (protocol, asked) => {
  const { url } = await hubFor({ protocol });
  await publishAll(url, ['1', '2']);
  const stream = await subscribe(url, asked);
  await publishAll(url, ['3']);
  await until(() => expect(stream.data).toContain('data of 3'));
  expect(stream.data).toEqual(['data of 3']);
});

it('lets the header beat the query', async () => {
  const { url } = await hubFor();
  await publishAll(url, ['1', '2', '3']);
  const headers = { 'Last-Event-ID': '2' };
  const stream = await subscribe(url, { topic: 'a', lastEventID: '1' }, { headers });
  await until(() => expect(stream.data).toEqual(['data of 3']));
});

it('understands an id beyond Latin-1, which browsers send as UTF-8', async () => {
  const { url } = await hubFor();
  await publishAll(url, ['début→', '2']);
  const bytes = String.fromCharCode(...new TextEncoder().encode('début→'));
  const stream = await subscribe(url, { topic: 'a' }, { headers: { 'Last-Event-ID': bytes } });
  await until(() => expect(stream.data).toEqual(['data of 2']));
  expect(stream.response.headers.has('Last-Event-ID')).toBe(false);
});

it('gives a cursor to whoever has heard nothing yet', async () => {
  const { url } = await hubFor();
  const early = await subscribe(url, { topic: 'a' });
  await until(() => expect(early.marks).toHaveLength(1));
  early.close();
  await publishAll(url, ['1', '2']);
  const resumed = await subscribe(url, { topic: 'a', lastEventID: early.marks[0]! });
  await until(() => expect(resumed.data).toEqual(['data of 1', 'data of 2']));
  await until(() => expect(resumed.marks).toEqual(['2']));
  expect(resumed.text.endsWith('id: 2\n\n')).toBe(true);
});

it('moves the cursor past what was not for the subscriber', async () => {
  const { url } = await hubFor();
  await publishAll(url, ['1']);
  await publishAll(url, ['2'], 'other');
  const stream = await subscribe(url, { topic: 'a', lastEventID: '1' });
  await until(() => expect(stream.marks).toEqual(['2']));
  expect(stream.events).toEqual([]);
});

it('never tells the id of a private update to a subscriber that may not see it', async () => {
  const key = { key: DEMO_KEY };
  const { url } = await hubFor({ publisherJwt: key, subscriberJwt: key, anonymous: true });
  const publishPrivate = (id: string) =>
    publish(url, { topic: 'rooms/1', id, private: 'on', data: id }, DEMO_TOKEN);
  const open = async (parameters: Record<string, string>, grants?: string[]) => {
    const token = grants && (await legacyToken({ subscribe: grants }));
    return subscribe(url, { topic: 'rooms/1', ...parameters }, { headers: bearer(token) });
  };
  await publishPrivate('secret');
  const anonymous = await open({});
  const stranger = await open({}, ['rooms/2']);
  const unknown = await open({ lastEventID: 'unknown' });
  const member = await open({}, ['rooms/1']);
  for (const stream of [anonymous, stranger, unknown, member]) {
    await until(() => expect(stream.marks).toHaveLength(1));
  }
  expect(member.marks).toEqual(['secret']);
  const [mark] = anonymous.marks;
  expect(mark).not.toContain('secret');
  expect([...stranger.marks, ...unknown.marks]).toEqual([mark, mark]);
  expect(unknown.response.headers.get('Last-Event-ID')).toBe(mark);

  // It is a cursor all the same, also once the update is the last one forgotten.
  await publishPrivate('next');
  const resumed = await open({ lastEventID: mark! }, ['rooms/1']);
  await until(() => expect(resumed.data).toEqual(['next']));
  expect(resumed.response.headers.get('Last-Event-ID')).toBe(mark);
});

it('keeps the id of a private update to itself also when it has forgotten the update', async () => {
  const { url, hub } = await hubFor({ history: 1 });
  hub.publish({ topics: ['a'], id: 'secret', private: true });
  const early = await subscribe(url, { topic: 'a' });
  await until(() => expect(early.marks).toHaveLength(1));
  hub.publish({ topics: ['a'], id: '2', data: 'public' });
  const resumed = await subscribe(url, { topic: 'a', lastEventID: early.marks[0]! });
  await until(() => expect(resumed.data).toEqual(['public']));
});

it('forgets the oldest beyond its limit, and then no longer knows them', async () => {
  const { url } = await hubFor({ history: 2 });
  await publishAll(url, ['1', '2', '3', '4']);
  const all = await subscribe(url, { topic: 'a', lastEventID: 'earliest' });
  const boundary = await subscribe(url, { topic: 'a', lastEventID: '2' });
  const gone = await subscribe(url, { topic: 'a', lastEventID: '1' });
  await until(() => expect(all.data).toEqual(['data of 3', 'data of 4']));
  await until(() => expect(boundary.data).toEqual(['data of 3', 'data of 4']));
  expect(gone.response.headers.get('Last-Event-ID')).toBe('4');
});

it('bounds its history by bytes too', async () => {
  const { url } = await hubFor({ historyBytes: 300_000 });
  for (const id of ['1', '2', '3'])
    await publish(url, { topic: 'a', id, data: 'x'.repeat(100_000) });
  await publish(url, { topic: 'a', id: '4', data: 'y' });
  const stream = await subscribe(url, { topic: 'a', lastEventID: 'earliest' });
  await until(() => expect(stream.events.at(-1)?.id).toBe('4'));
  expect(stream.events.map(({ id }) => id)).toEqual(['2', '3', '4']);
});

it('keeps none where it is told so', async () => {
  const { url } = await hubFor({ history: 0 });
  await publishAll(url, ['1', '2']);
  const stream = await subscribe(url, { topic: 'a', lastEventID: 'earliest' });
  await publishAll(url, ['3']);
  await until(() => expect(stream.data).toEqual(['data of 3']));
});

it('goes on from the first use of an id that was used twice, so that nothing is left out', async () => {
  const { url } = await hubFor();
  await publishAll(url, ['1', '2']);
  await publish(url, { topic: 'a', id: '1', data: 'something else' });
  await publishAll(url, ['3']);
  const stream = await subscribe(url, { topic: 'a', lastEventID: '1' });
  await until(() => expect(stream.events.map(({ id }) => id)).toEqual(['2', '1', '3']));
});

it('takes an update that is posted again, with its id, for the same', async () => {
  const { url } = await hubFor();
  const stream = await subscribe(url, { topic: 'a' });
  await publishAll(url, ['1', '1', '2', '1', '3']);
  await until(() => expect(stream.data).toContain('data of 3'));
  expect(stream.events.map(({ id }) => id)).toEqual(['1', '2', '3']);
});

it('leaves neither a gap nor a double between the history and what is live', async () => {
  const { url, hub } = await hubFor();
  const ids = Array.from({ length: 200 }, (_, index) => `id-${index}`);
  for (const id of ids.slice(0, 50)) hub.publish({ topics: ['a'], id, data: id });
  let next = 50;
  const publishing = new Promise<void>((resolve) => {
    const step = () => {
      if (next === ids.length) return resolve();
      const id = ids[next++]!;
      hub.publish({ topics: ['a'], id, data: id });
      setImmediate(step);
    };
    step();
  });
  const streams = await Promise.all(
    Array.from({ length: 20 }, () => subscribe(url, { topic: 'a', lastEventID: 'id-0' })),
  );
  await publishing;
  for (const stream of streams) {
    await until(() => expect(stream.data.at(-1)).toBe('id-199'));
    expect(stream.data).toEqual(ids.slice(1));
  }
});

it('replays more than a slow reader may hold', async () => {
  const { url, hub } = await hubFor();
  for (let index = 0; index < 3000; index++) hub.publish({ topics: ['a'], data: String(index) });
  const stream = await subscribe(url, { topic: 'a', lastEventID: 'earliest' });
  await until(() => expect(stream.events).toHaveLength(3000));
  expect(stream.state).toBe('open');
});
