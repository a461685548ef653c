// @vitest-environment node
import { expect, it } from 'vitest';
import { hubFor } from './hubs.js';
import { publish, subscribe, toSearch, until } from './client.js';

const post = (url: string, body: BodyInit, type = 'application/x-www-form-urlencoded') =>
  fetch(url, { method: 'POST', body, headers: { 'Content-Type': type } });

it('answers with the id of the update', async () => {
  const { url } = await hubFor();
  const made = await publish(url, { topic: 'a' });
  expect(made.status).toBe(200);
  expect(made.headers.get('Content-Type')).toMatch(/^text\/plain/);
  expect(await made.text()).toMatch(
    /^urn:uuid:[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
  );
  const given = await publish(url, { topic: 'a', id: 'mine' });
  expect(await given.text()).toBe('mine');
});

it('takes a form that says its charset', async () => {
  const { url } = await hubFor();
  const response = await post(url, 'topic=a', 'application/x-www-form-urlencoded;charset=UTF-8');
  expect(response.status).toBe(200);
});

it('reads fields from the body only', async () => {
  const { url } = await hubFor();
  expect((await post(`${url}?topic=a`, 'data=x')).status).toBe(400);
});

it('keeps text as it is, whatever the script', async () => {
  const { url } = await hubFor();
  const stream = await subscribe(url, { topic: 'salon/été' });
  await publish(url, { topic: 'salon/été', data: 'né 💬 1+1&2=3 %' });
  await until(() => expect(stream.data).toEqual(['né 💬 1+1&2=3 %']));
});

it('lets no line break in the data forge a field or an event', async () => {
  const { url } = await hubFor();
  const stream = await subscribe(url, { topic: 'a' });
  const data = 'one\r\nid: forged\rdata: two\n\nevent: three\n\n\ndata: four';
  await publish(url, { topic: 'a', id: 'real', data });
  await publish(url, { topic: 'a', id: 'last', data: 'end' });
  await until(() => expect(stream.events.at(-1)?.id).toBe('last'));
  expect(stream.events).toEqual([
    { id: 'real', type: 'message', topics: ['a'], data: data.replace(/\r\n?/g, '\n') },
    { id: 'last', type: 'message', topics: ['a'], data: 'end' },
  ]);
});

const MEBIBYTE = 1024 * 1024;

/** What is refused, with the status of 0.x and of 1.0 (and of `both`). */
const refused: [name: string, body: string, older: number, newer: number][] = [
  ['no topic', 'data=x', 400, 400],
  ['an empty topic', 'topic=', 200, 400],
  ['a line feed in the id', 'topic=a&id=x%0Adata:+forged', 400, 400],
  ['a carriage return in the id', 'topic=a&id=x%0D', 400, 400],
  ['NUL in the id', 'topic=a&id=x%00', 400, 400],
  ['a control character in the id', 'topic=a&id=x%07', 200, 400],
  ['an id that begins with #', 'topic=a&id=%23x', 200, 400],
  ['the id "earliest"', 'topic=a&id=earliest', 200, 400],
  ['a line break in the type', 'topic=a&type=x%0Ddata:+forged', 400, 400],
  ['NUL in the type', 'topic=a&type=%00', 400, 400],
  ['the type of presence', 'topic=a&type=mercure', 200, 400],
  ['a line break in a topic', 'topic=a&topic=b%0Aid:+forged', 400, 400],
  ['the topic *', 'topic=*', 200, 400],
  ['a retry that is no number', 'topic=a&retry=soon', 400, 400],
  ['a negative retry', 'topic=a&retry=-1', 400, 400],
  ['bad percent-encoding', 'topic=a&data=%zz', 400, 400],
  ['a cut percent-encoding', 'topic=a&data=%4', 400, 400],
  ['data that is not UTF-8', 'topic=a&data=%ff', 200, 400],
  ['a control character in the type', 'topic=a&type=x%07', 200, 400],
  ['a semicolon', 'topic=a;data=x', 400, 400],
  ['a retry beyond 64 bits', 'topic=a&retry=18446744073709551616', 400, 400],
  ['more than a thousand topics', `topic=a${'&topic=a'.repeat(1000)}`, 400, 400],
  ['a topic of the hub', 'topic=/.well-known/mercure/subscriptions/a', 403, 400],
  ['an absolute topic of a hub', 'topic=https://example.com/.well-known/mercure', 403, 400],
  ['11 MiB', `topic=a&data=${'x'.repeat(11 * MEBIBYTE)}`, 400, 413],
];

for (const protocol of ['0.x', '1.0', 'both'] as const) {
  it.each(refused)(`answers as ${protocol} does to %s`, async (_, body, older, newer) => {
    const status = protocol === '0.x' ? older : newer;
    const { url } = await hubFor({ protocol });
    const stream = await subscribe(url, { [protocol === '1.0' ? 'match' : 'topic']: '*' });
    expect((await post(url, body)).status).toBe(status);
    await publish(url, { topic: 'after', data: 'after' });
    await until(() => expect(stream.data.at(-1)).toBe('after'));
    expect(stream.events).toHaveLength(status === 200 ? 2 : 1);
  });
}

it('sees through other ways to write a topic of the hub', async () => {
  const { url } = await hubFor();
  for (const topic of ['/x/../.well-known/mercure/a', '//host/.well-known/mercure', 'mercure']) {
    expect((await publish(url, { topic })).status).toBe(400);
  }
  expect((await publish(url, { topic: '/.well-known/mercurial' })).status).toBe(200);
});

it('takes a body of up to 1 MiB in 1.0', async () => {
  const { url } = await hubFor({ protocol: '1.0' });
  expect((await post(url, `topic=a&data=${'x'.repeat(MEBIBYTE - 13)}`)).status).toBe(200);
  expect((await post(url, `topic=a&data=${'x'.repeat(MEBIBYTE)}`)).status).toBe(413);
});

it('reads no more of a body than it takes, also where its length is not told', async () => {
  const { url } = await hubFor({ maxBody: 1000 });
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 1000;
      if (sent > 100 * MEBIBYTE) controller.close();
      else controller.enqueue(new Uint8Array(1000).fill(97));
    },
  });
  const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  expect((await fetch(url, { ...init, headers })).status).toBe(413);
  expect(sent).toBeLessThan(100 * MEBIBYTE);
});

it.each([
  'application/json',
  'text/plain',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded-more',
])('refuses the content type %s', async (type) => {
  const { url } = await hubFor();
  expect((await post(url, 'topic=a', type)).status).toBe(400);
});

it('publishes for the code of the server, with the same care', async () => {
  const { url, hub } = await hubFor();
  const stream = await subscribe(url, { topic: 'a' });
  expect(await hub.publish({ topics: ['a'], data: 'x', id: '1' })).toBe('1');
  await until(() => expect(stream.data).toEqual(['x']));
  const forged = hub.publish({ topics: ['a'], id: 'x\ndata: forged' });
  await expect(forged).rejects.toThrow('Invalid "id"');
  await expect(hub.publish({ topics: [] })).rejects.toThrow('Missing "topic"');
});

it('dispatches in the order in which the updates came', async () => {
  const { url } = await hubFor();
  const stream = await subscribe(url, { topic: 'a' });
  const numbers = Array.from({ length: 50 }, (_, index) => String(index));
  for (const data of numbers) await post(url, toSearch({ topic: 'a', data }));
  await until(() => expect(stream.data).toEqual(numbers));
});
