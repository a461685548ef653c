// @vitest-environment node
import { expect, it } from 'vitest';
import { readMercureLink } from '../../src/driver/index.js';
import type { HubOptions } from '../../src/hub/index.js';
import { memoryStorage } from '../../src/hub/storage/memoryStorage.js';
import type { Roster } from '../../src/hub/storage/Storage.js';
import { hubFor } from './hubs.js';
import { accessToken, bearer, DEMO_KEY, legacyToken, subscribe, until } from './client.js';

const key = { key: DEMO_KEY };
const options: HubOptions = { publisherJwt: key, subscriberJwt: key, subscriptions: true };

const TEMPLATE = '/.well-known/mercure/subscriptions/{topic}/{subscriber}';
const PATTERN = '/.well-known/mercure/subscriptions/:match_type/:match/:subscriber';

const alice = (payload?: unknown) =>
  legacyToken({ subscribe: ['/.well-known/mercure/subscriptions{/rest*}'], payload });

const list = async (url: string, path: string, token?: string) => {
  const response = await fetch(`${url}/subscriptions${path}`, { headers: bearer(token) });
  return { status: response.status, type: response.headers.get('Content-Type'), response };
};

it('tells, in 0.x, of others who come and go, and not of oneself', async () => {
  const { url } = await hubFor({ ...options, protocol: '0.x' });
  const token = await alice({ name: 'Alice' });
  const watcher = await subscribe(url, { topic: TEMPLATE }, { headers: bearer(token) });
  const other = await subscribe(url, { topic: 'https://a/b' }, { headers: bearer(token) });
  await until(() => expect(watcher.events).toHaveLength(1));
  const [joined] = watcher.data.map((data) => JSON.parse(data));
  expect(watcher.events[0]!.type).toBe('message');
  expect(watcher.data[0]).toContain('\n  ');
  expect(joined).toEqual({
    '@context': 'https://mercure.rocks/',
    id: `/.well-known/mercure/subscriptions/https%3A%2F%2Fa%2Fb/${encodeURIComponent(joined.subscriber)}`,
    type: 'Subscription',
    topic: 'https://a/b',
    subscriber: expect.stringMatching(/^urn:uuid:/),
    active: true,
    payload: { name: 'Alice' },
  });
  other.close();
  await until(() => expect(watcher.events).toHaveLength(2));
  expect(JSON.parse(watcher.data[1]!)).toEqual({ ...joined, active: false });
});

it('tells, in 1.0, of oneself too, as the type "mercure"', async () => {
  const { url } = await hubFor({ ...options, protocol: '1.0' });
  const token = await accessToken([
    {
      actions: ['subscribe'],
      topics: [{ match: PATTERN, match_type: 'urlpattern' }, { match: 'room' }],
      payload: 'Bob',
    },
  ]);
  const watcher = await subscribe(
    url,
    { match_urlpattern: PATTERN, match: 'room' },
    { headers: bearer(token) },
  );
  await until(() => expect(watcher.events).toHaveLength(2));
  expect(watcher.events.map(({ type }) => type)).toEqual(['mercure', 'mercure']);
  const room = watcher.data.map((data) => JSON.parse(data)).find(({ match }) => match === 'room');
  expect(room).toEqual({
    id: expect.stringMatching(/^\/\.well-known\/mercure\/subscriptions\/exact\/room\/urn%3Auuid/),
    type: 'subscription',
    match: 'room',
    match_type: 'exact',
    subscriber: expect.stringMatching(/^urn:uuid:/),
    active: true,
    payload: 'Bob',
  });
});

it('tells nobody whose token does not cover it', async () => {
  const { url, hub } = await hubFor({ ...options, anonymous: true });
  const watcher = await subscribe(url, { topic: TEMPLATE });
  await subscribe(url, { topic: 'a' });
  hub.publish({ topics: ['/x'], data: 'not selected' });
  const late = await subscribe(url, { topic: ['*'], lastEventID: 'earliest' });
  await until(() => expect(late.data).toEqual(['not selected']));
  expect(watcher.events).toEqual([]);
});

it('lists all, those of one topic, and one', async () => {
  const { url } = await hubFor({ ...options, protocol: '0.x' });
  const token = await alice();
  for (const topic of ['a', 'a', 'b']) await subscribe(url, { topic }, { headers: bearer(token) });
  const all = await list(url, '', token);
  expect(all.type).toBe('application/ld+json');
  const document = await all.response.json();
  expect(document).toMatchObject({
    '@context': 'https://mercure.rocks/',
    id: '/.well-known/mercure/subscriptions',
    type: 'Subscriptions',
    lastEventID: expect.stringMatching(/^urn:uuid:/),
  });
  expect(document.subscriptions).toHaveLength(3);
  const some = await (await list(url, '/a', token)).response.json();
  expect(some.subscriptions).toHaveLength(2);
  const [first] = some.subscriptions;
  const path = first.id.slice('/.well-known/mercure/subscriptions'.length);
  expect(await (await list(url, path, token)).response.json()).toMatchObject(first);
  expect((await list(url, '/a/urn%3Auuid%3Agone', token)).status).toBe(404);
});

it('lists by match type in 1.0, as plain JSON', async () => {
  const { url } = await hubFor({ ...options, protocol: '1.0' });
  const token = await accessToken([{ actions: ['subscribe'], topics: [{ match: '*' }] }]);
  await subscribe(url, { match: ['a', 'b'] }, { headers: bearer(token) });
  const { type, response } = await list(url, '/exact/a', token);
  expect(type).toBe('application/json');
  expect(response.headers.get('Link')).toMatch(
    /^<\/\.well-known\/mercure>; rel="mercure"; last-event-id="urn:uuid:[^"]+"; type="mercure"; content-type="application\/json"$/,
  );
  const document = await response.json();
  expect(document).toEqual({
    id: '/.well-known/mercure/subscriptions/exact/a',
    type: 'subscriptions',
    subscriptions: [expect.objectContaining({ match: 'a', match_type: 'exact', active: true })],
  });
});

it('names a cursor behind which everybody is announced who came too late for the list', async () => {
  const documents = new Map<string, string>();
  const roster: Roster = {
    set: async (key, document) => void documents.set(key, document),
    delete: async (key) => void documents.delete(key),
    list: async () => {
      const found = [...documents.values()];
      // While it is fetched somebody joins, which is announced before the answer is there.
      await subscribe(url, { topic: 'room' }, { headers: bearer(token) });
      await until(() => expect(watcher.events).toHaveLength(1));
      return found;
    },
  };
  const storage = { ...memoryStorage(), roster };
  const { url } = await hubFor({ ...options, protocol: '0.x', storage });
  const token = await alice();
  const headers = bearer(token);
  const watcher = await subscribe(url, { topic: TEMPLATE }, { headers });
  const document = await (await list(url, '/room', token)).response.json();
  expect(document.subscriptions).toEqual([]);
  const since = { topic: TEMPLATE, lastEventID: document.lastEventID };
  const late = await subscribe(url, since, { headers });
  await until(() => expect(late.data.join()).toContain('"topic": "room"'));
});

it('quotes whatever id the last update has', async () => {
  const { url, hub } = await hubFor({ ...options, protocol: '1.0' });
  const token = await accessToken([{ actions: ['subscribe'], topics: [{ match: '*' }] }]);
  const cursor = async (id: string) => {
    await hub.publish({ topics: ['a'], id });
    return readMercureLink((await list(url, '', token)).response).lastEventId;
  };
  expect(await cursor('a "b", \\c; d="e"')).toBe('a "b", \\c; d="e"');
  // No header can carry it.
  expect(await cursor('é\u{1f4ac}')).toBeUndefined();
});

it('lists for nobody whose token does not cover the list', async () => {
  const { url } = await hubFor(options);
  expect((await list(url, '')).status).toBe(401);
  expect((await list(url, '', await legacyToken({ subscribe: ['a'] }))).status).toBe(403);
});

it('is not there unless it is asked for', async () => {
  const { url } = await hubFor({ ...options, subscriptions: false });
  expect((await list(url, '', await alice())).status).toBe(404);
});
