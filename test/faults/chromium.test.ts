// @vitest-environment node
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchOptions } from '../../scripts/chromium.mjs';
import { SseDriver, text } from '../../src/driver/index.js';
import { FaultProxy } from '../servers/faultProxy.js';
import { servePages } from '../servers/pages.js';
import { embedded, type TestHub } from '../servers/TestHub.js';
import type { Page as Listener } from './chromium/page.js';
import { until } from './Trial.js';

/** In a real page, across origins: what it does not hear the first time, it gets once it is back. */
describe('a page in Chromium', { timeout: 60_000 }, () => {
  let pages: Awaited<ReturnType<typeof servePages>>;
  let origin: string;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let hub: TestHub;
  let proxy: FaultProxy;
  let sender: SseDriver;
  let sent: string[];

  beforeAll(async () => {
    pages = await servePages({
      '/listening': 'test/faults/chromium/page.ts',
      '/elsewhere': undefined,
    });
    ({ origin } = pages);
    browser = await chromium.launch({
      ...launchOptions(),
      ignoreDefaultArgs: ['--disable-back-forward-cache'],
    });
  });

  afterAll(async () => {
    await browser?.close();
    await pages?.close();
  });

  beforeEach(async () => {
    hub = await embedded({ protocol: '0.x', openToAll: true })({ origin });
    proxy = await FaultProxy.start(hub.url);
    sender = new SseDriver({ url: hub.url });
    sent = [];
    context = await browser.newContext();
    page = await context.newPage();
    await page.goto(`${origin}/listening?hub=${encodeURIComponent(proxy.url)}`);
    await until(() => proxy.streams.size === 1, 'the stream of the page');
    await say('hello');
    await hearsAll();
  });

  afterEach(async () => {
    sender.destroy();
    await context.close();
    await until(() => proxy.inFlight === 0, 'the stream of the page to go');
    await proxy.close();
    await hub.close();
  });

  async function say(...words: string[]): Promise<void> {
    sent.push(...words);
    await Promise.all(words.map((word) => sender.publish('room', text.encode(word))));
  }

  const look = <Value>(what: (page: Listener) => Value): Promise<Value> =>
    page.evaluate(`(${String(what)})(globalThis.page)`);

  async function hearsAll(): Promise<void> {
    await expect.poll(() => look(({ heard }) => heard), { timeout: 15_000 }).toEqual(sent);
    expect(await look(({ gaps }) => gaps)).toBe(0);
  }

  it('offline and online: is back at once, and has missed nothing', async () => {
    await context.setOffline(true);
    for (const stream of proxy.streams) stream.reset();
    await expect.poll(() => look(({ driver }) => driver.connection.status)).toBe('reconnecting');
    await say('one', 'two');
    await context.setOffline(false);
    await hearsAll();
  });

  it('away and back out of the back/forward cache: has missed nothing', async () => {
    await page.goto(`${origin}/elsewhere`);
    await say('one', 'two');
    await page.goBack({ waitUntil: 'commit' });
    expect(await look(({ restored }) => restored)).toBe(1);
    await hearsAll();
  });
});
