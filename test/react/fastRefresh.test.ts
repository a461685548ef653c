// @vitest-environment node
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { expect, it, onTestFinished } from 'vitest';
import { launchOptions } from '../../scripts/chromium.mjs';
import { SseDriver, json } from '../../src/driver/index.js';
import { signaling } from '../../src/hub/vite.js';
import { HUB_PATH } from '../../src/mercure/index.js';

const PAGE = '<!doctype html><main></main><script type="module" src="/main.tsx"></script>';

const MAIN = `
  import { createRoot } from 'react-dom/client';
  import { SignalingProvider } from 'react-signaling';
  import { Greeting } from './Greeting.tsx';
  createRoot(document.querySelector('main')).render(<SignalingProvider><Greeting /></SignalingProvider>);
`;

const greeting = (word: string) => `
  import { useSignal } from 'react-signaling';
  export function Greeting() {
    const { data = 'nobody', status } = useSignal('room');
    return <p title={status}>${word}, {data}</p>;
  }
`;

it('an edit in development keeps the value that is shown (Fast Refresh)', async () => {
  const folder = await createFolder();
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  await write('index.html', PAGE);
  await write('main.tsx', MAIN);
  await write('Greeting.tsx', greeting('Hello'));
  const origin = await serve(folder);
  const page = await openPage(origin);

  await expect.poll(() => page.getAttribute('p', 'title')).toBe('open');
  const driver = new SseDriver({ url: origin + HUB_PATH });
  onTestFinished(() => driver.destroy());
  await driver.publish('room', json.encode('Ada'));
  await expect.poll(() => page.textContent('p')).toBe('Hello, Ada');

  await page.evaluate('globalThis.isSamePage = true');
  await write('Greeting.tsx', greeting('Good morning'));
  await expect.poll(() => page.textContent('p')).toContain('Good morning');
  expect(await page.textContent('p')).toBe('Good morning, Ada');
  expect(await page.evaluate('globalThis.isSamePage')).toBe(true);

  await driver.publish('room', json.encode('Grace'));
  await expect.poll(() => page.textContent('p')).toBe('Good morning, Grace');
});

/** An application outside of this project, whose files nobody else watches. */
async function createFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fast-refresh-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  return folder;
}

async function serve(root: string): Promise<string> {
  const server = await createServer({
    root,
    configFile: false,
    logLevel: 'error',
    cacheDir: join(root, '.vite'),
    plugins: [react(), signaling()],
    resolve: {
      alias: { 'react-signaling': resolve('src/index.ts') },
      dedupe: ['react', 'react-dom'],
    },
    optimizeDeps: { include: ['react', 'react-dom/client', 'react/jsx-dev-runtime'] },
    server: { host: '127.0.0.1', port: 0, fs: { strict: false } },
  });
  onTestFinished(() => server.close());
  await server.listen();
  return new URL(server.resolvedUrls!.local[0]!).origin;
}

async function openPage(url: string) {
  const browser = await chromium.launch(launchOptions());
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  await page.goto(url);
  return page;
}
