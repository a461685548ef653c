// @vitest-environment node
import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  SseDriver,
  text,
  type SignalingError,
  type SseDriverOptions,
} from '../../src/driver/index.js';
import { HUB_PATH } from '../../src/mercure/index.js';
import { until } from './Trial.js';

// What a hub may answer, scripted: these need no hub.

const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

/** A server that answers as it is told, and the addresses it was asked for. */
async function serve(answer: (...args: Parameters<RequestListener>) => unknown) {
  const asked: URL[] = [];
  const server = createServer((request, response) => {
    asked.push(new URL(request.url!, 'http://127.0.0.1'));
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  undo.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { asked, server, url: `http://127.0.0.1:${port}${HUB_PATH}` };
}

function connect(options: SseDriverOptions): SseDriver {
  const driver = new SseDriver({ retry: { base: 5, max: 20 }, ...options });
  undo.push(() => driver.destroy());
  return driver;
}

function openStream(response: ServerResponse): ServerResponse {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(':\n');
  return response;
}

const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

describe('an answer that trying again does not change', () => {
  it.each([
    [403, 'text/plain', 'unauthorized'],
    [404, 'text/plain', 'not-a-hub'],
    [405, 'text/plain', 'not-a-hub'],
    [204, 'text/event-stream', 'not-a-hub'],
    [200, 'text/html', 'not-a-hub'],
  ])('%i with %s is final: one request, one clear error', async (status, type, code) => {
    const { url, asked } = await serve((_, response) => {
      response.writeHead(status, { 'Content-Type': type }).end();
    });
    const driver = connect({ url });
    const before = timers();
    const error: SignalingError = await driver.subscribe('room', () => {}).catch((e) => e);
    expect(error).toMatchObject({ code, status });
    expect(error.message).toMatch(new RegExp(`answered ${status} to a subscribe\\. .{20}`));
    expect(driver.connection).toMatchObject({ status: 'closed', error, retryAt: undefined });
    // No timer is left that could lead to another request.
    expect(timers()).toBeLessThanOrEqual(before);
    expect(asked.length).toBe(1);
  });

  it('ends a subscription that was open too, and is told as an error', async () => {
    let refuses = false;
    const { url } = await serve((_, response) => {
      if (refuses) response.writeHead(404).end();
      else openStream(response).once('close', () => {});
      if (!refuses) setImmediate(() => response.end());
      refuses = true;
    });
    const driver = connect({ url });
    const errors: SignalingError[] = [];
    driver.on('error', (error) => errors.push(error));
    await driver.subscribe('room', () => {});
    await expect.poll(() => errors.length).toBe(1);
    const error = { code: 'not-a-hub', status: 404 };
    expect(errors[0]).toMatchObject({ ...error, topic: 'room' });
    expect(driver.connection).toMatchObject({ status: 'closed', error });
  });
});

describe('400 to `topic=`', () => {
  it('turns to `match=`, and stays with it', async () => {
    const { url, asked } = await serve((request, response) => {
      if (request.url!.includes('topic=')) response.writeHead(400).end();
      else openStream(response);
      if (asked.length === 2) setImmediate(() => response.end());
    });
    const driver = connect({ url });
    await driver.subscribe('room', () => {});
    await until(() => asked.length === 3, 'a second connection');
    const selectors = asked.map(({ searchParams }) => [...searchParams.keys()][0]);
    expect(selectors).toEqual(['topic', 'match', 'match']);
  });

  it('is final where the other version gets it too', async () => {
    const { url, asked } = await serve((_, response) => response.writeHead(400).end());
    const driver = connect({ url });
    const refused = { code: 'rejected', status: 400 };
    await expect(driver.subscribe('room', () => {})).rejects.toMatchObject(refused);
    expect(asked.length).toBe(2);
  });
});

it('an update that is too large is skipped and reported, once, and the stream goes on behind it', async () => {
  const megabyte = 'x'.repeat(1024 * 1024);
  const { url, asked } = await serve(async (_, response) => {
    openStream(response).write('id: large\ndata: ');
    for (let count = 0; count < 40; count++) {
      if (!response.write(megabyte)) await once(response, 'drain');
    }
    response.write('\n\nid: small\ndata: aGVsbG8=\n\n');
  });
  const driver = connect({ url });
  const errors: SignalingError[] = [];
  const heard: string[] = [];
  driver.on('error', (error) => errors.push(error));
  await driver.subscribe('room', (bytes) => heard.push(text.decode(bytes)));
  await expect.poll(() => heard).toEqual(['hello']);
  expect(errors).toMatchObject([{ code: 'overflow', message: expect.stringContaining('"large"') }]);
  expect(asked.length).toBe(1);
});

describe('publishing while the hub is away', () => {
  it('is given up after `timeout`, in order', async () => {
    const { url } = await serve((_, response) => response.writeHead(503).end());
    const driver = connect({ url, timeout: 300 });
    const rejected: [number, string][] = [];
    const publishes = [0, 1, 2, 3].map((number) =>
      driver
        .publish('room', [number])
        .catch(({ code }: SignalingError) => void rejected.push([number, code])),
    );
    expect(driver.connection.queued).toBe(4);
    await Promise.all(publishes);
    expect(rejected).toEqual([0, 1, 2, 3].map((number) => [number, 'timeout']));
    expect(driver.connection.queued).toBe(0);
  });

  it('is bounded: past 10,000 on one topic it is refused at once', async () => {
    const { url } = await serve(() => {});
    const driver = connect({ url });
    const waiting = Array.from({ length: 10_000 }, () => driver.publish('room', []));
    await expect(driver.publish('room', [])).rejects.toMatchObject({ code: 'overflow' });
    expect(driver.connection.queued).toBe(10_000);
    driver.destroy();
    const reasons = (await Promise.allSettled(waiting)) as PromiseRejectedResult[];
    expect(new Set(reasons.map(({ reason }) => reason.code))).toEqual(new Set(['destroyed']));
  });
});
