import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { chromium } from 'playwright';
import { beforeAll, expect, it } from 'vitest';
import { launchOptions } from '../../scripts/chromium.mjs';
import { createApplication } from './application.js';
import { run } from './run.js';
import { serve } from './serve.js';

let app: string;

/** An application that is nothing but what the README says, typed off. */
beforeAll(async () => {
  app = await createApplication();
  const readme = await readFile('README.md', 'utf8');
  for (const [, path, code] of readme.matchAll(/```tsx?\n\/\/ (\S+)\n(.*?)```/gs)) {
    await mkdir(join(app, dirname(path!)), { recursive: true });
    await writeFile(join(app, path!), code!);
  }
  await cp('examples/vite/index.html', join(app, 'index.html'));
  await cp('test/package/apps/typed/tsconfig.json', join(app, 'tsconfig.json'));
});

it('its examples type-check', async () => {
  expect(await run(app, 'tsc')).toBe('');
  await run(app, 'tsc', '--noEmit', '--module', 'nodenext', '--ignoreConfig', 'server.ts');
});

it('its first example signals between two tabs', async () => {
  const vite = await serve(app, 'vite', ['--port', '0', '--host', '127.0.0.1']);
  const browser = await chromium.launch(launchOptions());
  try {
    const context = await browser.newContext();
    const [here, there] = [await context.newPage(), await context.newPage()];
    await Promise.all([here.goto(vite.url), there.goto(vite.url)]);
    await Promise.all(
      [here, there].map((tab) => tab.getByRole('button', { name: 'open' }).waitFor()),
    );
    await here.getByRole('button').click();
    const rung = await there.getByRole('button', { name: /^\d{4}-\d\d-\d\dT/ }).textContent();
    await here.getByRole('button', { name: rung! }).waitFor();
  } finally {
    await browser.close();
    await vite.stop();
  }
});
