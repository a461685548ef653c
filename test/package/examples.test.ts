import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { launchOptions } from '../../scripts/chromium.mjs';
import { startHub } from '../../src/testing/index.js';
import { DEMO_KEY, startMercure } from '../servers/mercure.js';
import { freePort } from '../servers/ports.js';
import { createExample } from './application.js';
import { routeToPackages } from './cdn.js';
import { run } from './run.js';
import { serve } from './serve.js';

let browser: Browser;
const undo: (() => unknown)[] = [];

beforeAll(async () => {
  browser = await chromium.launch(launchOptions());
});

afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

afterAll(() => browser.close());

/** Two tabs of one page. Any error on them fails the test. */
async function openTabs(url: string, prepare = async (_context: BrowserContext) => {}) {
  const context = await browser.newContext();
  undo.push(() => context.close());
  await prepare(context);
  const tabs = [await context.newPage(), await context.newPage()] as const;
  const errors: string[] = [];
  for (const tab of tabs) {
    tab.on('pageerror', ({ message }) => errors.push(message));
    tab.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await tab.goto(url);
  }
  return { tabs, errors };
}

async function say(tab: Page, text: string): Promise<void> {
  await tab.getByLabel('Message', { exact: true }).fill(text);
  await tab.getByRole('button', { name: 'Send' }).click();
}

async function chats([here, there]: readonly [Page, Page]): Promise<void> {
  for (const tab of [here, there]) await tab.getByText('Connected').waitFor();
  await say(here, 'Hello?');
  await there.getByRole('listitem').filter({ hasText: 'Hello?' }).waitFor();
  await say(there, 'Hi!');
  await here.getByRole('listitem').filter({ hasText: 'Hi!' }).waitFor();
  expect(await here.getByRole('listitem').allTextContents()).toEqual(['Hello?', 'Hi!']);
}

it('vite: builds, and chats between two tabs', async () => {
  const app = await createExample('vite');
  await run(app, 'npm', 'run', 'build');
  const server = await serve(app, 'vite', ['preview', '--host', '127.0.0.1', '--port', '0']);
  undo.push(server.stop);
  const { tabs, errors } = await openTabs(server.url);
  await chats(tabs);
  const styles = () => Array.from(document.styleSheets, ({ cssRules }) => cssRules.length);
  expect(await tabs[0].evaluate(styles)).toEqual([expect.any(Number)]);
  expect(errors).toEqual([]);
});

it('yjs: builds, and edits a text in two tabs', async () => {
  const app = await createExample('yjs');
  await run(app, 'npm', 'run', 'build');
  const server = await serve(app, 'vite', ['preview', '--host', '127.0.0.1', '--port', '0']);
  undo.push(server.stop);
  const { tabs, errors } = await openTabs(server.url);
  for (const tab of tabs) await tab.getByText('Connected').waitFor();
  const [here, there] = tabs.map((tab) => tab.getByLabel('Shared text'));
  await here!.fill('one');
  await expect.poll(() => there!.inputValue()).toBe('one');
  await there!.fill('one two');
  await expect.poll(() => here!.inputValue()).toBe('one two');
  expect(errors).toEqual([]);
});

it('next: builds, and chats with tokens and with its server, on a real hub where there is one', async () => {
  const app = await createExample('next');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const hub = await openHub(url);
  undo.push(() => hub.close());
  const env = { HUB_URL: hub.url, MERCURE_JWT_KEY: DEMO_KEY, NEXT_TELEMETRY_DISABLED: '1' };
  await run(app, 'env', 'NEXT_TELEMETRY_DISABLED=1', 'next', 'build');
  const server = await serve(app, 'next', ['start', '-H', '127.0.0.1', '-p', `${port}`], env);
  undo.push(server.stop);
  const { tabs, errors } = await openTabs(url);
  await chats(tabs);
  await tabs[0].getByRole('button', { name: 'Let the server say hello' }).click();
  await tabs[1].getByText('The server says hello.').waitFor();
  expect(errors).toEqual([]);

  // Nobody gets a message without a token, and the key stays on the server.
  const anonymous = await fetch(hub.url, { method: 'POST', body: new URLSearchParams('topic=a') });
  expect(anonymous.status).toBe(401);
  expect(await (await fetch(url)).text()).not.toContain(DEMO_KEY);
});

function openHub(origin: string) {
  const binary = process.env.MERCURE_BIN_0;
  if (binary) return startMercure({ binary, origin });
  const key = { key: DEMO_KEY };
  return startHub({ publisherJwt: key, subscriberJwt: key, corsOrigins: [origin] });
}

it('html: runs as it is, with packages from a CDN', async () => {
  const app = await createExample('html');
  const server = await serve(app, 'node', ['server.js'], { PORT: '0' });
  undo.push(server.stop);
  const { tabs, errors } = await openTabs(server.url, routeToPackages);
  for (const tab of tabs) await tab.getByRole('button', { name: 'open' }).waitFor();
  await tabs[0].getByRole('button').click();
  await tabs[1].getByRole('button', { name: /^\d{4}-\d\d-\d\dT/ }).waitFor();
  expect(errors).toEqual([]);
});

it.each(['vite', 'next', 'html', 'yjs'])(
  '%s: asks for a version of what the tests run it with',
  async (name) => {
    const read = async (path: string) =>
      JSON.parse(await readFile(path, 'utf8')) as Record<string, Record<string, string>>;
    const { dependencies, devDependencies } = await read(`examples/${name}/package.json`);
    const { version } = (await read('package.json')) as unknown as { version: string };
    const tested = (await read('test/package/apps/package.json')).dependencies!;
    const wanted = Object.entries({ ...dependencies, ...devDependencies });
    const other = wanted.filter(
      ([dependency, range]) =>
        range !== `^${dependency === 'react-signaling' ? version : tested[dependency]}`,
    );
    expect(other).toEqual([]);
  },
);
