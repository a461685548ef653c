import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { launchOptions } from '../../scripts/chromium.mjs';
import { createHub, toNodeHandler } from '../../src/hub/index.js';
import { createApplication } from './application.js';
import { run } from './run.js';

// No eval, no blob, nothing inline, nothing from elsewhere.
const POLICY =
  "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; style-src 'self'; img-src data:";

const HTML = `<!doctype html><title>Greetings</title><link rel="icon" href="data:,">
<div id="root"></div><script type="module" src="page.js"></script>`;

const LISTENERS = ['page', 'dedicated worker', 'shared worker', 'service worker'];

const undo: (() => unknown)[] = [];
let app: string;

beforeAll(async () => {
  app = await createApplication('bundled');
});

afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

it.each([
  ['Vite 8', 'vite build --outDir OUT'],
  ['Vite 7', 'node ../../node_modules/vite-7/bin/vite.js build --outDir OUT'],
  ['webpack 5', 'node webpack.js OUT'],
  [
    'esbuild',
    'esbuild page=src/page.js worker=src/worker.js service=src/worker.js --bundle --format=esm --outdir=OUT',
  ],
])(
  '%s builds what signals in a page and in workers of each kind, under a strict CSP',
  async (name, build) => {
    const folder = join(app, 'dist', name.replace(' ', '-'));
    await run(app, 'sh', '-c', build.replace('OUT', folder));

    const browser = await chromium.launch(launchOptions());
    undo.push(() => browser.close());
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });

    await page.goto(await serve(folder));
    for (const listener of LISTENERS) await page.getByText(`${listener}: ready`).waitFor();
    await page.getByRole('button').click();
    for (const listener of LISTENERS) await page.getByText(`${listener}: "hello"`).waitFor();
    expect(errors).toEqual([]);
  },
);

/** Serves a folder under the policy, with a hub beside it. Returns its address. */
async function serve(folder: string): Promise<string> {
  const hub = createHub({ openToAll: true });
  const files: RequestListener = ({ url }, response) => {
    response.setHeader('Content-Security-Policy', POLICY);
    if (url === '/') return response.setHeader('Content-Type', 'text/html').end(HTML);
    response.setHeader('Content-Type', 'text/javascript');
    createReadStream(join(folder, url!))
      .once('error', () => response.writeHead(404).end())
      .pipe(response);
  };
  const answer = toNodeHandler(hub);
  const server = createServer((request, response) =>
    answer(request, response, () => files(request, response)),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  undo.push(() => {
    hub.close();
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
