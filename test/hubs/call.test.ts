// @vitest-environment node
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchOptions } from '../../scripts/chromium.mjs';
import { servePages } from '../servers/pages.js';
import { embedded, mercure, type OpenHub } from '../servers/TestHub.js';
import type { Caller } from './caller.js';

const { MERCURE_BIN_0, MERCURE_BIN_1 } = process.env;
const SOON = { timeout: 20_000 };

const hubs: Record<string, OpenHub | undefined> = {
  'the embedded hub, 0.x': embedded({ protocol: '0.x' }),
  'the embedded hub, 1.0': embedded({ protocol: '1.0' }),
  'Mercure 0.24': MERCURE_BIN_0 ? mercure('0.x', MERCURE_BIN_0) : undefined,
  'Mercure 1.0': MERCURE_BIN_1 ? mercure('1.0', MERCURE_BIN_1) : undefined,
};

describe('a call between pages of another origin', () => {
  let pages: Awaited<ReturnType<typeof servePages>>;
  let browser: Browser;

  beforeAll(async () => {
    pages = await servePages({ '/caller': 'test/hubs/caller.ts' });
    browser = await chromium.launch(launchOptions());
  });

  afterAll(async () => {
    await browser?.close();
    await pages?.close();
  });

  for (const [name, openHub] of Object.entries(hubs)) {
    it.runIf(openHub)(
      `on ${name}: connects, goes on while the hub is away, and lets others in after`,
      async () => {
        const { origin } = pages;
        const hub = await openHub!({ origin });
        const { Authorization } = await hub.authorize();
        const contexts: BrowserContext[] = [];
        const join = async (): Promise<Page> => {
          // Pages of one context share six connections, and each has two streams.
          const context = await browser.newContext();
          contexts.push(context);
          const page = await context.newPage();
          const query = new URLSearchParams({ hub: hub.url, authorization: Authorization! });
          await page.goto(`${origin}/caller?${query}`);
          return page;
        };
        try {
          const [ada, bob] = [await join(), await join()];
          await expectConnected(ada, bob);
          await expectMoving(ada, bob);

          await hub.stop();
          await expect
            .poll(() => look(ada, ({ driver }) => driver.connection.status), SOON)
            .toBe('reconnecting');
          await expectMoving(ada, bob);

          await hub.start();
          const cleo = await join();
          await expectConnected(ada, bob, cleo);
          await expectMoving(ada, bob, cleo);
        } finally {
          for (const context of contexts) await context.close();
          await hub.close();
        }
      },
      90_000,
    );
  }
});

function look<Value>(page: Page, what: (caller: Caller) => Value): Promise<Value> {
  return page.evaluate(`(${String(what)})(globalThis.caller)`);
}

async function expectConnected(...callers: Page[]): Promise<void> {
  for (const page of callers) {
    const states = () => look(page, ({ call }) => call.state.peers.map(({ state }) => state));
    await expect.poll(states, SOON).toEqual(callers.slice(1).map(() => 'connected'));
  }
}

/** Everybody gets ten more pictures of everybody else. */
async function expectMoving(...callers: Page[]): Promise<void> {
  for (const page of callers) {
    const seen = () => look(page, ({ pictures }) => [...pictures.values()]);
    const before = await seen();
    await expect
      .poll(async () => (await seen()).map((count, index) => count - (before[index] ?? 0)), SOON)
      .toSatisfy(
        (more: number[]) => more.length >= callers.length - 1 && more.every((n) => n >= 10),
      );
  }
}
