// @vitest-environment node
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import cors from 'cors';
import express from 'express';
import { createServer as createViteServer, preview, type InlineConfig, type Logger } from 'vite';
import { afterEach, expect, it, vi } from 'vitest';
import { createHub, toNodeHandler, type Hub } from '../../src/hub/index.js';
import type { EmbeddedHub } from '../../src/hub/EmbeddedHub.js';
import { signaling } from '../../src/hub/vite.js';
import { DEMO_KEY, DEMO_TOKEN, publish, subscribe, until } from './client.js';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

function makeHub(): Hub {
  const hub = createHub({ openToAll: true });
  closing.push(() => hub.close());
  return hub;
}

async function listen(listener: RequestListener, host = '127.0.0.1'): Promise<string> {
  const server = createServer(listener).listen(0, host);
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/.well-known/mercure`;
}

it('serves a plain Node server, with 404 for what is not the hub’s', async () => {
  const url = await listen(toNodeHandler(makeHub()));
  const stream = await subscribe(url, { topic: 'a' });
  await publish(url, { topic: 'a', data: 'x' });
  await until(() => expect(stream.data).toEqual(['x']));
  expect((await fetch(new URL('/', url))).status).toBe(404);
});

it.each([
  ['nothing', []],
  ['extended forms', [express.urlencoded({ extended: true })]],
  ['simple forms', [express.urlencoded({ extended: false })]],
  ['text', [express.text({ type: '*/*' })]],
  ['bytes', [express.raw({ type: '*/*' })]],
  ['JSON and CORS', [express.json(), cors({ origin: true, credentials: true })]],
])('serves Express behind parsers of %s', async (_, middlewares) => {
  const app = express();
  if (middlewares.length > 0) app.use(...middlewares);
  app.use(toNodeHandler(makeHub()));
  app.get('/', (_request, response) => void response.send('the app'));
  const url = await listen(app);
  const stream = await subscribe(url, { topic: 'room' });
  const topics = Array.from({ length: 25 }, (__, index) => `topic-${index}`);
  const data = 'a+b &=% é 💬\nline';
  expect((await publish(url, { topic: [...topics, 'room'], data })).status).toBe(200);
  await until(() => expect(stream.data).toEqual([data]));
  expect(await (await fetch(new URL('/', url))).text()).toBe('the app');
});

it('serves Express where it is mounted at its path', async () => {
  const app = express();
  app.use('/.well-known/mercure', toNodeHandler(makeHub()));
  const url = await listen(app);
  const stream = await subscribe(url, { topic: 'a' });
  await publish(url, { topic: 'a', data: 'x' });
  await until(() => expect(stream.data).toEqual(['x']));
});

it('does not wait for a compression that holds back', async () => {
  const flush = vi.fn();
  const hub = makeHub();
  const url = await listen((request, response) =>
    toNodeHandler(hub)(request, Object.assign(response, { flush })),
  );
  await subscribe(url, { topic: 'a' });
  await until(() => expect(flush).toHaveBeenCalled());
});

it('writes no faster than it is read', async () => {
  const hub = makeHub();
  let buffered = 0;
  const url = await listen((request, response) => {
    const { write } = response;
    response.write = ((chunk: Uint8Array) => {
      const result = write.call(response, chunk, 'utf8');
      buffered = Math.max(buffered, response.writableLength);
      return result;
    }) as typeof write;
    toNodeHandler(hub)(request, response);
  });
  const abort = new AbortController();
  const response = await fetch(`${url}?topic=a`, { signal: abort.signal });
  for (let count = 0; count < 400; count++) {
    hub.publish({ topics: ['a'], data: 'x'.repeat(60_000) });
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(hub.subscribers).toBe(1);
  expect(buffered).toBeLessThan(1_000_000);
  expect(response.ok).toBe(true);
  abort.abort();
  await until(() => expect(hub.subscribers).toBe(0));
});

it('lets go of a subscriber that has gone before it was answered', async () => {
  const hub = makeHub() as EmbeddedHub;
  const { answer } = hub;
  const answered = vi.fn();
  const url = await listen((request, response) => {
    hub.answer = async (asked) => {
      await once(response, 'close');
      const result = await answer.call(hub, asked);
      answered();
      return result;
    };
    toNodeHandler(hub)(request, response);
  });
  const abort = new AbortController();
  const asking = fetch(`${url}?topic=a`, { signal: abort.signal });
  setTimeout(() => abort.abort(), 50);
  await expect(asking).rejects.toThrow('aborted');
  await until(() => expect(answered).toHaveBeenCalled());
  expect(hub.subscribers).toBe(0);
});

it('answers 400 to a request that no URL can be made of', async () => {
  const url = await listen(toNodeHandler(makeHub()));
  const { port } = new URL(url);
  const { request } = await import('node:http');
  const status = await new Promise((resolve) => {
    const headers = { Host: 'a b' };
    request({ port, path: '/.well-known/mercure', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).end();
  });
  expect(status).toBe(400);
});

it('is open to all only for this machine, whatever Host is claimed', async () => {
  const hub = makeHub();
  const url = await listen((request, response) => {
    Object.defineProperty(request.socket, 'remoteAddress', { value: '192.0.2.7' });
    toNodeHandler(hub)(request, response);
  });
  const response = await publish(url, { topic: 'a' });
  expect(response.status).toBe(403);
  expect(await response.text()).toContain('serves this machine only');
});

const quiet: InlineConfig = { configFile: false, root: import.meta.dirname, logLevel: 'silent' };

async function dev(config: InlineConfig): Promise<string> {
  const server = await createViteServer({ ...quiet, ...config });
  closing.push(() => server.close());
  await server.listen();
  return `http://127.0.0.1:${(server.httpServer!.address() as AddressInfo).port}/.well-known/mercure`;
}

const server = { host: '127.0.0.1', port: 0, strictPort: false, ws: false } as const;

it('runs inside Vite’s server, open to this machine', async () => {
  const url = await dev({ server, plugins: [signaling()] });
  const stream = await subscribe(url, { topic: 'a' });
  expect((await publish(url, { topic: 'a', data: 'x' })).status).toBe(200);
  await until(() => expect(stream.data).toEqual(['x']));
  expect((await publish(url, { topic: 'a' }, DEMO_TOKEN)).status).toBe(200);
});

it('answers pages of other origins inside Vite itself, before Vite does', async () => {
  const corsOrigins = ['https://app.example'];
  const url = await dev({ server, plugins: [signaling({ corsOrigins })] });
  const response = await fetch(url, {
    method: 'OPTIONS',
    headers: {
      Origin: 'https://app.example',
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'authorization',
    },
  });
  expect(response.headers.get('Access-Control-Allow-Origin')).toBe('https://app.example');
  expect(response.headers.get('Access-Control-Allow-Headers')).toContain('authorization');
});

it('wants tokens inside Vite once it is given keys', async () => {
  const key = { key: DEMO_KEY };
  const url = await dev({
    server,
    plugins: [signaling({ publisherJwt: key, subscriberJwt: key })],
  });
  expect((await publish(url, { topic: 'a' })).status).toBe(401);
  expect((await publish(url, { topic: 'a' }, DEMO_TOKEN)).status).toBe(200);
});

it('says that it serves this machine only where Vite can be reached by others', async () => {
  const warn = vi.fn();
  const customLogger = { info() {}, warn, warnOnce() {}, error() {}, clearScreen() {} };
  const logger = { ...customLogger, hasErrorLogged: () => false, hasWarned: false } as Logger;
  const middlewareMode = { middlewareMode: true, host: true, ws: false } as const;
  const open = { ...quiet, customLogger: logger, server: middlewareMode };
  const vite = await createViteServer({ ...open, plugins: [signaling()] });
  closing.push(() => vite.close());
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('answers this machine only'));
});

it('runs inside Vite’s preview', async () => {
  const previewing = await preview({
    ...quiet,
    preview: { host: '127.0.0.1', port: 0 },
    plugins: [signaling()],
  });
  closing.push(() => previewing.close());
  const { port } = previewing.httpServer.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/.well-known/mercure`;
  expect((await publish(url, { topic: 'a' })).status).toBe(200);
});
