// @vitest-environment node
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createHub, fileStorage, type Hub } from '../../src/hub/index.js';
import { DEMO_KEY, DEMO_TOKEN, publish, subscribe, until } from './client.js';
import { hubFor } from './hubs.js';

async function makePath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'updates.log');
}

async function reopen(hub: Hub | undefined, path: string, size?: number) {
  await hub?.close();
  return hubFor({ storage: fileStorage(path, { size }) });
}

it('has after a restart what it had before, and knows every cursor', async () => {
  const path = await makePath();
  const first = await reopen(undefined, path);
  const early = await subscribe(first.url, { topic: 'a' });
  await until(() => expect(early.marks).toHaveLength(1));
  await publish(first.url, { topic: 'a', id: '1', data: 'one\ntwo', type: 'note', retry: '7' });
  await publish(first.url, { topic: ['a', 'b'], id: '2', data: '💬' });
  const second = await reopen(first.hub, path);
  const resumed = await subscribe(second.url, { match: 'a', last_event_id: early.marks[0]! });
  expect(resumed.response.headers.get('Mercure-Last-Event-ID')).toBe(early.marks[0]);
  await until(() => expect(resumed.marks).toEqual(['2']));
  expect(resumed.text).toContain(
    'event: note\nretry: 7\nid: 1\ntopics: a\ndata: one\ndata: two\n\n',
  );
  expect(resumed.events[1]).toMatchObject({ id: '2', topics: ['a', 'b'], data: '💬' });
});

it('keeps a private update private, and its second id', async () => {
  const path = await makePath();
  const first = await reopen(undefined, path);
  await publish(first.url, { topic: 'a', id: 'secret', private: 'on' });
  const before = await subscribe(first.url, { topic: 'a' });
  await until(() => expect(before.marks).toHaveLength(1));
  const second = await reopen(first.hub, path);
  const after = await subscribe(second.url, { topic: 'a', lastEventID: 'earliest' });
  await until(() => expect(after.marks).toEqual(before.marks));
  expect(after.text).not.toContain('secret');
});

it('keeps at least as many as it is told to, in two files', async () => {
  const path = await makePath();
  let hub: Hub | undefined;
  for (let restart = 0; restart < 5; restart++) {
    const running = await reopen(hub, path, 10);
    hub = running.hub;
    for (let id = 0; id < 7; id++) await hub.publish({ topics: ['a'], id: `${restart}-${id}` });
  }
  const { url } = await reopen(hub, path, 10);
  const all = await subscribe(url, { topic: 'a', lastEventID: 'earliest' });
  await until(() => expect(all.marks).toEqual(['4-6']));
  expect(all.events.length).toBeGreaterThanOrEqual(10);
  expect(all.events.length).toBeLessThanOrEqual(20);
  expect(await readdir(join(path, '..'))).toEqual([
    'updates.log',
    'updates.log.1',
    'updates.log.lock',
  ]);
});

it('drops what a crash left unfinished, and goes on behind what was whole', async () => {
  const path = await makePath();
  const first = await reopen(undefined, path);
  await publish(first.url, { topic: 'a', id: '1', data: 'whole' });
  await first.hub.close();
  await appendFile(path, '{"id":"2","topics":["a"],"data":"unfin');
  const second = await reopen(undefined, path);
  await publish(second.url, { topic: 'a', id: '3', data: 'next' });
  const third = await reopen(second.hub, path);
  const all = await subscribe(third.url, { topic: 'a', lastEventID: 'earliest' });
  await until(() => expect(all.data).toEqual(['whole', 'next']));
});

it('loses no more than the line that a disk has damaged', async () => {
  const path = await makePath();
  const first = await reopen(undefined, path);
  for (const id of ['1', '2', '3']) await publish(first.url, { topic: 'a', id, data: id });
  await first.hub.close();
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace('{"id":"2"', '\0\0\0'));
  const { url } = await reopen(undefined, path);
  const all = await subscribe(url, { topic: 'a', lastEventID: 'earliest' });
  await until(() => expect(all.data).toEqual(['1', '3']));
});

it('writes many at once, in the order in which they are delivered', async () => {
  const path = await makePath();
  const first = await reopen(undefined, path);
  const stream = await subscribe(first.url, { topic: 'a' });
  await Promise.all(
    Array.from({ length: 500 }, (_, index) =>
      first.hub.publish({ topics: ['a'], data: String(index) }),
    ),
  );
  await until(() => expect(stream.data).toHaveLength(500));
  const second = await reopen(first.hub, path);
  const all = await subscribe(second.url, { topic: 'a', lastEventID: 'earliest' });
  await until(() => expect(all.data).toEqual(stream.data));
});

it('says so where its file cannot be had, and answers 503', async () => {
  const path = join(await makePath(), 'no', 'folder');
  const hub = createHub({ openToAll: true, storage: fileStorage(path) });
  await expect(hub.ready).rejects.toThrow('ENOENT');
  const response = await hub.fetch(new Request('http://localhost/.well-known/mercure?topic=a'));
  expect(response.status).toBe(503);
  await hub.close();
});

it('is not shared: a second hub says whose file it was given, and what to do', async () => {
  const path = await makePath();
  const { url, hub } = await reopen(undefined, path);
  await hub.ready;
  const second = createHub({ storage: fileStorage(path) });
  await expect(second.ready).rejects.toThrow(
    `Another process keeps its updates in ${path}. Stop it, or give this hub a file of its own.`,
  );
  await second.close();
  expect((await publish(url, { topic: 'a' })).status).toBe(200);
});

it('waits for a hub that is about to close', async () => {
  const path = await makePath();
  const { hub } = await reopen(undefined, path);
  await hub.publish({ topics: ['a'], id: '1', data: 'before' });
  const second = await hubFor({ storage: fileStorage(path) });
  const answer = subscribe(second.url, { topic: 'a', lastEventID: 'earliest' });
  await hub.close();
  const stream = await answer;
  await until(() => expect(stream.data).toEqual(['before']));
});

it('remembers which tokens were revoked, however many updates come after', async () => {
  const path = await makePath();
  const options = { publisherJwt: { key: DEMO_KEY }, history: 1 };
  const first = await hubFor({ ...options, storage: fileStorage(path, { size: 5 }) });
  await first.hub.revoke(DEMO_TOKEN);
  for (let id = 0; id < 20; id++) await first.hub.publish({ topics: ['a'], id: String(id) });
  await first.hub.close();
  expect(await readFile(path, 'utf8')).not.toContain(DEMO_TOKEN);
  const second = await hubFor({ ...options, storage: fileStorage(path, { size: 5 }) });
  expect((await publish(second.url, { topic: 'a' }, DEMO_TOKEN)).status).toBe(401);
});
