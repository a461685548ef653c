import { cp, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { createApplication } from './application.js';
import { run } from './run.js';

it('the examples of the manual type-check against the package', async () => {
  const app = await createApplication();
  const files = await readdir('stories', { recursive: true });
  const examples = files.filter((path) => /\.(example|config)\.tsx?$/.test(path));
  for (const path of examples) {
    await mkdir(join(app, 'src', dirname(path)), { recursive: true });
    await cp(join('stories', path), join(app, 'src', path));
  }
  await cp('test/package/apps/typed/tsconfig.json', join(app, 'tsconfig.json'));
  expect(await run(app, 'tsc')).toBe('');
  expect(examples.length).toBeGreaterThan(30);
});
