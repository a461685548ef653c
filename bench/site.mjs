// The page of the benchmarks, built as it would be shipped, and a hub beside it on HTTP/1.1.

import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { chromium } from 'playwright';
import { build, preview } from 'vite';
import { launchOptions } from '../scripts/chromium.mjs';

// As it is shipped; `npm run bench` has built it.
/** @type {typeof import('../src/hub/index.js')} */
const { createHub, toNodeHandler } = await import(
  new URL('../dist/hub/index.js', import.meta.url).href
);

/** @typedef {import('vite').Connect.NextHandleFunction} Handler */

/**
 * @param {Record<string, Handler>} routes what it serves beside the hub
 * @param {string} root the folder of the page
 */
export async function startSite(routes = {}, root = 'bench') {
  /** @type {import('vite').InlineConfig} */
  const site = {
    root,
    configFile: false,
    logLevel: 'error',
    build: { outDir: resolve('dist-bench') },
    preview: { port: 0 },
  };
  await build(site);
  const server = await preview(site);
  const hub = createHub({ openToAll: true });
  const own = Object.entries(routes).map(([route, handle]) => ({ route, handle }));
  server.middlewares.stack.unshift(...own, { route: '', handle: toNodeHandler(hub) });
  const browser = await chromium.launch(launchOptions());
  const page = await browser.newPage();
  await page.goto(server.resolvedUrls?.local[0] ?? '');
  await page.waitForFunction('globalThis.benchmarks');

  return {
    page,
    hub,
    async close() {
      await browser.close();
      await hub.close();
      await server.close();
      await rm('dist-bench', { recursive: true });
    },
  };
}
