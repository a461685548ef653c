import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { chromium } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchOptions } from '../../scripts/chromium.mjs';
import { createApplication } from './application.js';
import { run } from './run.js';

let app: string;
let remove: () => Promise<void>;

/** An application that is nothing but what the README says, typed off. */
beforeAll(async () => {
  ({ folder: app, remove } = await createApplication());
  const readme = await readFile('README.md', 'utf8');
  for (const [, path, code] of readme.matchAll(/```tsx?\n\/\/ (\S+)\n(.*?)```/gs)) {
    await mkdir(join(app, dirname(path!)), { recursive: true });
    await writeFile(join(app, path!), code!);
  }
  await cp('test/package/app/index.html', join(app, 'index.html'));
  await cp('test/package/app/tsconfig.json', join(app, 'tsconfig.json'));
});

afterAll(() => remove());

it('its examples type-check', async () => {
  expect(await run(app, 'npx', 'tsc')).toBe('');
  await run(app, 'npx', 'tsc', '--noEmit', '--module', 'nodenext', '--ignoreConfig', 'server.ts');
});

it('its first example signals between two tabs', async () => {
  const vite = spawn('npx', ['vite', '--port', '0', '--host', '127.0.0.1'], {
    cwd: app,
    env: { ...process.env, NO_COLOR: '1' },
  });
  const browser = await chromium.launch(launchOptions());
  try {
    const url = await addressOf(vite);
    const context = await browser.newContext();
    const [here, there] = [await context.newPage(), await context.newPage()];
    await Promise.all([here.goto(url), there.goto(url)]);
    await Promise.all(
      [here, there].map((tab) => tab.getByRole('button', { name: 'open' }).waitFor()),
    );
    await here.getByRole('button').click();
    const rung = await there.getByRole('button', { name: /^\d{4}-\d\d-\d\dT/ }).textContent();
    await here.getByRole('button', { name: rung! }).waitFor();
  } finally {
    await browser.close();
    vite.kill();
    await once(vite, 'exit');
  }
});

/** Where it listens, which it prints. */
async function addressOf(vite: ChildProcess): Promise<string> {
  let printed = '';
  for await (const chunk of vite.stdout!) {
    printed += String(chunk);
    const [url] = /http:\/\/127\.0\.0\.1:\d+\//.exec(printed) ?? [];
    if (url) return url;
  }
  throw new Error(`Vite did not start:\n${printed}`);
}
