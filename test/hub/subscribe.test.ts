// @vitest-environment node
import { expect, it } from 'vitest';
import { createHub } from '../../src/hub/index.js';
import { hubFor } from './hubs.js';
import { publish, subscribe, until } from './client.js';

it('answers with an event stream that nothing on the way stores or holds back', async () => {
  const { url } = await hubFor();
  const { response } = await subscribe(url, { topic: 'a' });
  expect(response.status).toBe(200);
  expect(response.headers.get('Content-Type')).toBe('text/event-stream');
  expect(response.headers.get('Cache-Control')).toBe(
    'private, no-cache, no-store, must-revalidate, max-age=0, no-transform',
  );
  expect(response.headers.get('X-Accel-Buffering')).toBe('no');
});

it('sends a comment at once, so that the stream is known to be open', async () => {
  const { url } = await hubFor({ topics: false });
  const stream = await subscribe(url, { topic: 'a' });
  await until(() => expect(stream.text).toBe(':\n'));
});

it('delivers an update with its type, retry, id, topic and data', async () => {
  const { url } = await hubFor();
  const stream = await subscribe(url, { topic: 'room' });
  await publish(url, { topic: 'room', data: 'hello', id: 'one', type: 'greeting', retry: '1500' });
  await until(() => expect(stream.events).toHaveLength(1));
  expect(stream.text).toContain(
    'event: greeting\nretry: 1500\nid: one\ntopics: room\ndata: hello\n\n',
  );
});

it('is the stream of a hub of today where topics are not named', async () => {
  const { url } = await hubFor({ topics: false });
  const stream = await subscribe(url, { topic: 'room', lastEventID: 'earliest' });
  await publish(url, { topic: 'room', data: 'hello', id: 'one' });
  await until(() => expect(stream.text).toBe(':\nid: one\ndata: hello\n\n'));
  expect(stream.response.headers.has('Event-Stream-Fields')).toBe(false);
});

it.each(['0.x', '1.0', 'both'] as const)(
  'announces that it names topics and marks the end of a replay (%s)',
  async (protocol) => {
    const { url } = await hubFor({ protocol });
    const topic = protocol === '1.0' ? 'match' : 'topic';
    const stream = await subscribe(url, { [topic]: 'room' });
    expect(stream.response.headers.get('Event-Stream-Fields')).toBe('topics, mark');
    await until(() => expect(stream.marks).toHaveLength(1));
  },
);

it('names topics without marks where it is told so, as Mercure is going to', async () => {
  const { url } = await hubFor({ topics: 'unmarked' });
  const stream = await subscribe(url, { topic: 'room', lastEventID: 'earliest' });
  expect(stream.response.headers.get('Event-Stream-Fields')).toBe('topics');
  await publish(url, { topic: 'room', data: 'hello', id: 'one' });
  await until(() => expect(stream.text).toBe(':\nid: one\ntopics: room\ndata: hello\n\n'));
});

it('names every topic of a public update, whatever the subscriber selects', async () => {
  const { url } = await hubFor();
  const stream = await subscribe(url, { topic: 'b' });
  await publish(url, { topic: ['a', 'b'], data: 'x' });
  await until(() => expect(stream.events).toHaveLength(1));
  expect(stream.events[0]!.topics).toEqual(['a', 'b']);
});

it('delivers once where several selectors and several topics meet', async () => {
  const { url } = await hubFor();
  const stream = await subscribe(url, { topic: ['a', 'b', '*', '{x}'] });
  await publish(url, { topic: ['a', 'b'], data: 'both' });
  await publish(url, { topic: 'b', data: 'last' });
  await until(() => expect(stream.data).toContain('last'));
  expect(stream.data).toEqual(['both', 'last']);
});

it('dispatches an update without data', async () => {
  const { url } = await hubFor();
  const stream = await subscribe(url, { topic: 'a' });
  await publish(url, { topic: 'a' });
  await until(() => expect(stream.data).toEqual(['']));
});

it('breaks the silence with a comment', async () => {
  const { url } = await hubFor({ heartbeatInterval: 40 });
  const stream = await subscribe(url, { topic: 'a' });
  await until(() => expect(stream.comments).toBeGreaterThanOrEqual(4));
});

it('takes the parameters of QUERY from its body', async () => {
  const { url } = await hubFor();
  const response = await fetch(url, { method: 'QUERY', body: new URLSearchParams({ match: 'a' }) });
  expect(response.headers.get('Content-Type')).toBe('text/event-stream');
  await response.body!.cancel();
  const wrong = await fetch(url, { method: 'QUERY', body: '{"match":"a"}' });
  expect(wrong.status).toBe(400);
});

it.each([
  ['both', {}, 'missing "match" subscription parameter\n'],
  ['0.x', {}, 'Missing "topic" parameter.\n'],
  ['0.x', { match: 'a' }, 'Missing "topic" parameter.\n'],
  ['1.0', {}, 'missing "match" subscription parameter\n'],
] as const)('refuses a subscription to nothing (%s, %o)', async (protocol, parameters, message) => {
  const { url } = await hubFor({ protocol });
  const response = await fetch(`${url}?${new URLSearchParams(parameters)}`);
  expect(response.status).toBe(400);
  expect(response.headers.get('Content-Type')).toMatch(/^text\/plain/);
  expect(await response.text()).toBe(message);
});

it.each([
  ['1.0', 'topic=a'],
  ['1.0', 'match=a&matchExact=b'],
  ['1.0', 'match=a&matches=b'],
  ['both', 'topic=a&matches=b'],
  ['1.0', `match=${'a'.repeat(4097)}`],
  ['1.0', 'match=a%07b'],
] as const)('refuses what is no selector (%s, %.30s)', async (protocol, query) => {
  const { url } = await hubFor({ protocol });
  expect((await fetch(`${url}?${query}`)).status).toBe(400);
});

it.each([
  ['0.x', 'topic', 1000],
  ['both', 'match', 1000],
  ['1.0', 'match', 100],
] as const)('takes so many selectors and no more (%s, %s, %i)', async (protocol, name, most) => {
  const { url } = await hubFor({ protocol });
  const fits = await subscribe(url, { [name]: Array<string>(most).fill('a') });
  expect(fits.response.status).toBe(200);
  const tooMany = await subscribe(url, { [name]: Array<string>(most + 1).fill('a') });
  expect(tooMany.response.status).toBe(400);
});

it.each([
  ['0.x', 'GET, HEAD, POST, OPTIONS', 'QUERY'],
  ['both', 'GET, HEAD, POST, QUERY, OPTIONS', 'DELETE'],
] as const)('answers 405 to other methods (%s)', async (protocol, allow, method) => {
  const { url } = await hubFor({ protocol });
  const response = await fetch(`${url}?topic=a`, { method });
  expect(response.status).toBe(405);
  expect(response.headers.get('Allow')).toBe(allow);
});

it('refuses options that cannot be', () => {
  expect(() => createHub({ history: -1 })).toThrow('`history` must be 0 or more');
  expect(() => createHub({ maxBody: Number.NaN })).toThrow('`maxBody`');
});

it('is nowhere but at its address', async () => {
  const { url } = await hubFor();
  expect((await fetch(new URL('/elsewhere', url))).status).toBe(404);
});
