// @vitest-environment node
import { chromium } from 'playwright';
import { expect, it, onTestFinished } from 'vitest';
import { launchOptions } from '../../scripts/chromium.mjs';
import { createHub } from '../../src/hub/index.js';
import { serveOverHttp2 } from '../servers/http2.js';
import { servePages } from '../servers/pages.js';
import type { Page } from './chromium/manyTopics.js';

// 100 is the least that RFC 9113 §6.5.2 recommends to servers, and what many take.
const STREAMS = 100;
const TOPICS = 105;

it(
  'more topics than an HTTP/2 connection has streams: a page can still publish, and is warned once',
  { timeout: 90_000 },
  async () => {
    const pages = await servePages({ '/many': 'test/faults/chromium/manyTopics.ts' });
    onTestFinished(() => pages.close());
    const hub = createHub({ openToAll: true, topics: false, corsOrigins: [pages.origin] });
    onTestFinished(() => hub.close());
    const server = await serveOverHttp2(hub, STREAMS);
    onTestFinished(() => server.close());
    const browser = await chromium.launch(launchOptions());
    onTestFinished(() => browser.close());
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    const look = <Value>(what: (page: Page) => Value): Promise<Awaited<Value>> =>
      page.evaluate(`(${String(what)})(globalThis.page)`);

    await page.goto(`${pages.origin}/many?topics=${TOPICS}&hub=${encodeURIComponent(server.url)}`);
    await expect
      .poll(() => look(({ errors }) => errors), { timeout: 60_000 })
      .toEqual(['connections']);
    await look(({ driver }) => driver.publish('https://example.com/topics/0', [1]));
    expect(await look(({ open }) => open.size)).toBeLessThan(TOPICS);
    await expect.poll(() => hub.subscribers).toBe(STREAMS - 1);
    expect(server.sessions.size).toBe(1);
    expect(await look(({ errors }) => errors)).toEqual(['connections']);
  },
);
