// @vitest-environment node
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium } from 'playwright';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { createServer as createVite } from 'vite';
import { expect, it, onTestFinished } from 'vitest';
import { launchOptions } from '../../scripts/chromium.mjs';
import { readMercureLink } from '../../src/index.js';
import { startHub } from '../../src/testing/index.js';
import { freePort } from '../servers/ports.js';
import { Books, type BooksProps } from './pages/Books.js';

const TOPIC = 'https://example.com/books';
const CLIENT = '/test/react/pages/books.client.tsx';

it('a page of a server is hydrated without a flash, and misses nothing published meanwhile', async () => {
  const { url, hub, close } = await startHub();
  onTestFinished(() => close());
  const books: string[] = [];
  const add = async (title: string) => {
    books.push(title);
    const id = `urn:book:${books.length}`;
    hub.publish({ topics: [TOPIC], data: JSON.stringify(title), id });
    return id;
  };
  await add('One');
  let lastEventId = await add('Two');

  // The data of the page, as an API gives it.
  const api = createServer((_, response) => {
    const link = `<${url}>; rel="mercure"; last-event-id="${lastEventId}", <${TOPIC}>; rel="self"`;
    response.setHeader('Link', link).end(JSON.stringify(books));
  }).listen(0, '127.0.0.1');
  await once(api, 'listening');
  onTestFinished(() => void api.close());

  const vite = await createVite({
    configFile: false,
    appType: 'custom',
    logLevel: 'error',
    server: { host: '127.0.0.1', port: await freePort(), ws: false, watch: null },
    optimizeDeps: { entries: [CLIENT.slice(1)] },
    plugins: [
      {
        name: 'books',
        configureServer({ middlewares }) {
          middlewares.use((request, response, next) => {
            if (request.url !== '/') return next();
            void render(`http://127.0.0.1:${(api.address() as AddressInfo).port}`).then((html) => {
              response.setHeader('Content-Type', 'text/html').end(html);
            });
          });
        },
      },
    ],
  });
  await vite.listen();
  onTestFinished(() => vite.close());

  const browser = await chromium.launch(launchOptions());
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on(
    'console',
    (message) => void (message.type() === 'error' && complaints.push(message.text())),
  );
  page.on('pageerror', (error) => complaints.push(error.message));

  // The script comes only after two more books.
  let letThrough = () => {};
  const published = new Promise<void>((resolve) => (letThrough = resolve));
  await page.route(`**${CLIENT}`, async (route) => {
    await published;
    await route.continue();
  });
  await page.goto(vite.resolvedUrls!.local[0]!, { waitUntil: 'commit' });
  const titles = () => page.locator('li').allTextContents();
  await expect.poll(titles).toEqual(['One', 'Two']);
  const rendered = await page.locator('li').elementHandles();
  lastEventId = await add('Three');
  await add('Four');
  letThrough();
  await expect.poll(titles, { timeout: 20_000 }).toEqual(['One', 'Two', 'Three', 'Four']);
  await add('Five');
  await expect.poll(titles).toEqual(['One', 'Two', 'Three', 'Four', 'Five']);
  // What the server has rendered is still there: nothing was taken away and drawn anew.
  const isThere = await Promise.all(
    rendered.map((item) => item.evaluate(({ isConnected }) => isConnected)),
  );
  expect(isThere).toEqual([true, true]);
  expect(complaints).toEqual([]);
}, 60_000);

async function render(api: string): Promise<string> {
  const response = await fetch(api);
  const { hub, topic, lastEventId } = readMercureLink(response);
  const titles = (await response.json()) as string[];
  const props: BooksProps = { hub: hub!, topic: topic!, lastEventId: lastEventId!, books: titles };
  return `<!doctype html><link rel="icon" href="data:,"><div id="root">${renderToString(createElement(Books, props))}</div>
<script id="props" type="application/json">${JSON.stringify(props)}</script>
<script type="module" src="${CLIENT}"></script>`;
}
