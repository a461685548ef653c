// @vitest-environment node
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, onTestFinished } from 'vitest';
import { run } from '../../src/hub/command.js';
import { freePort } from '../servers/ports.js';
import { DEMO_KEY, DEMO_TOKEN, publish, subscribe, until } from './client.js';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** Runs the command until the test ends, or to its end. */
function start(argv: string[], env: Record<string, string> = {}) {
  const abort = new AbortController();
  const out: string[] = [];
  const errors: string[] = [];
  const code = run(argv, {
    env,
    out: (line) => void out.push(line),
    error: (line) => void errors.push(line),
    signal: abort.signal,
  });
  const stop = () => {
    abort.abort();
    return code;
  };
  stops.push(stop);
  return { out, errors, code, stop };
}

async function urlOf({ out }: { out: string[] }): Promise<string> {
  await until(() => expect(out.length).toBeGreaterThan(0));
  return /http:\S+(?=\. )/.exec(out[0]!)![0];
}

const open = ['hub', '--port', '0', '--open-to-all'];

it('says in one line where it listens and who may publish', async () => {
  const command = start(open);
  const url = await urlOf(command);
  expect(command.out[0]).toBe(
    `Mercure hub at ${url}. Everybody on this machine may publish and subscribe, without a token.`,
  );
  expect((await publish(url, { topic: 'a' })).status).toBe(200);
});

it('takes its keys from the environment, under Mercure’s names', async () => {
  const command = start(['hub', '--port', '0', '--anonymous'], {
    MERCURE_PUBLISHER_JWT_KEY: DEMO_KEY,
    MERCURE_PUBLISHER_JWT_ALG: 'HS256',
    MERCURE_SUBSCRIBER_JWT_KEY: DEMO_KEY,
  });
  const url = await urlOf(command);
  expect(command.out[0]).toContain(
    'Publishing takes a token signed with the publisher key (HS256)',
  );
  expect(command.out[0]).not.toContain(DEMO_KEY);
  expect((await publish(url, { topic: 'a' })).status).toBe(401);
  expect((await publish(url, { topic: 'a' }, DEMO_TOKEN)).status).toBe(200);
  expect((await subscribe(url, { topic: 'a' })).response.status).toBe(200);
});

it('takes every option as Mercure spells it, and as a variable', async () => {
  const command = start(
    [
      ...open,
      '--cors_origins',
      'https://a.example https://b.example',
      '--heartbeat=50ms',
      '--size',
      '1',
    ],
    {
      MERCURE_MAX_REQUEST_BODY_SIZE: '1KB',
      MERCURE_SUBSCRIPTIONS: 'false',
      MERCURE_PROTOCOL: '0.x',
    },
  );
  const url = await urlOf(command);
  const stream = await subscribe(url, { topic: 'a' }, { headers: { Origin: 'https://b.example' } });
  expect(stream.response.headers.get('Access-Control-Allow-Origin')).toBe('https://b.example');
  await until(() => expect(stream.comments).toBeGreaterThan(2));
  expect((await publish(url, { topic: 'a', data: 'x'.repeat(1000) })).status).toBe(400);
  expect((await fetch(`${url}/subscriptions`)).status).toBe(404);
  for (const id of ['1', '2']) await publish(url, { topic: 'a', id });
  const replay = await subscribe(url, { topic: 'a', lastEventID: 'earliest' });
  await until(() => expect(replay.events.map(({ id }) => id)).toEqual(['2']));
});

it.each([
  [['hub'], 'Nobody could publish'],
  [['hub', '--open-to-all', '--host', '0.0.0.0'], 'listens on loopback only, not on 0.0.0.0'],
  [['hub', '--open-to-all', '--port', 'x'], '--port must be a whole number'],
  [['hub', '--open-to-all', '--heartbeat', 'soon'], '--heartbeat must be a duration'],
  [['hub', '--open-to-all', '--max-request-body-size', 'big'], 'must be a size'],
  [['hub', '--open-to-all', '--protocol', '2'], '--protocol must be'],
  [['hub', '--open-to-all', '--storage', 'mysql://x'], 'The storage must be'],
  [['hub', '--open-to-all', '--url', 'x'], '--url must be an absolute URL'],
  [['hub', '--unknown'], 'react-signaling hub --help'],
  [['serve'], 'There is no command "serve"'],
])('refuses %j and says what to do', async (argv, message) => {
  const { code, errors } = start(argv);
  expect(await code).toBe(2);
  expect(errors.join('\n')).toContain(message);
});

it('says so where its port is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { code, errors } = start(['hub', '--open-to-all', '--port', String(port)]);
  expect(await code).toBe(1);
  expect(errors).toEqual([`Port ${port} is taken. Give another one with --port.`]);
  other.close();
});

it('shows its options', async () => {
  const { code, out } = start(['--help']);
  expect(await code).toBe(0);
  expect(out[0]).toContain('--publisher-jwt-key KEY');
  expect(await start([]).code).toBe(2);
});

it('keeps updates in a file, over a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hub-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const argv = [...open, '--storage', `file:${join(folder, 'updates')}`];
  const first = start(argv);
  await publish(await urlOf(first), { topic: 'a', id: '1', data: 'kept' });
  await first.stop();
  const second = start(argv);
  const stream = await subscribe(await urlOf(second), { topic: 'a', lastEventID: 'earliest' });
  await until(() => expect(stream.data).toEqual(['kept']));
});

it('says so where its storage cannot be had, without its password', async () => {
  const { code, errors } = start([...open, '--storage', 'redis://user:secret@127.0.0.1:1']);
  expect(await code).toBe(1);
  expect(errors).toEqual(['The storage cannot be reached. Is its server running?']);
});

it('serves its health and metrics on a port of their own, and logs without secrets', async () => {
  const port = await freePort();
  const command = start(
    ['hub', '--port', '0', '--anonymous', '--log', '--metrics-port', String(port)],
    { MERCURE_PUBLISHER_JWT_KEY: DEMO_KEY },
  );
  const url = await urlOf(command);
  const stream = await subscribe(url, { topic: 'a' });
  await publish(url, { topic: 'a', data: 'confidential' }, DEMO_TOKEN);
  await publish(url, { topic: 'a' }, 'a-wrong-token'.repeat(5));
  await until(() => expect(stream.events).toHaveLength(1));
  const get = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  expect(JSON.parse(await get('/health'))).toEqual({ status: 'ready' });
  const metrics = await get('/metrics');
  expect(metrics).toContain('# TYPE mercure_subscribers_connected gauge\n');
  expect(metrics).toMatch(/^mercure_subscribers_connected 1$/m);
  expect(metrics).toMatch(/^mercure_deliveries_total 1$/m);
  expect(metrics).toMatch(/^mercure_history_updates 1$/m);
  const log = command.out.slice(1).map((line) => JSON.parse(line));
  expect(log.map(({ event }) => event)).toEqual(['subscribe', 'publish', 'refuse']);
  expect(log[2]).toMatchObject({ method: 'POST', status: 401, reason: 'Unauthorized' });
  expect(command.out.join()).not.toMatch(/confidential|a-wrong-token|ChangeThis/);
  expect(command.out.join()).not.toContain(DEMO_TOKEN);
});

it('takes its time to end its streams where it is told to', async () => {
  const command = start([...open, '--drain', '600ms']);
  const url = await urlOf(command);
  const streams = await Promise.all(
    Array.from({ length: 20 }, () => subscribe(url, { topic: 'a' })),
  );
  const begin = performance.now();
  const stopping = command.stop();
  const ended = () => streams.filter(({ state }) => state === 'ended').length;
  await until(() => expect(ended()).toBeGreaterThan(4));
  expect(ended()).toBeLessThan(20);
  expect((await fetch(`${url}?topic=a`)).status).toBe(503);
  expect(await stopping).toBe(0);
  expect(performance.now() - begin).toBeGreaterThan(500);
  await until(() => expect(ended()).toBe(20));
});

it('ends its streams cleanly when it is stopped', async () => {
  const command = start(open);
  const url = await urlOf(command);
  const stream = await subscribe(url, { topic: 'a' });
  expect(await command.stop()).toBe(0);
  await until(() => expect(stream.state).toBe('ended'));
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});

it('shows at / that it is alive', async () => {
  const command = start(open);
  const url = await urlOf(command);
  await subscribe(url, { topic: 'a' });
  const response = await fetch(new URL('/', url));
  expect(response.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
  const page = await response.text();
  expect(page).toContain(`Alive at <code>${url}</code>`);
  expect(page).toContain('Open streams: 1.');
  expect(page).toContain('new EventSource');
  expect((await fetch(new URL('/other', url))).status).toBe(404);
});

it('shows neither a key nor a live log where subscribing takes a token', async () => {
  const command = start(['hub', '--port', '0'], { MERCURE_PUBLISHER_JWT_KEY: DEMO_KEY });
  const page = await (await fetch(new URL('/', await urlOf(command)))).text();
  expect(page).toContain('Subscribing takes a token.');
  expect(page).not.toContain('EventSource');
  expect(page).not.toContain(DEMO_KEY);
});
