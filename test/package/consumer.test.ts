import { cp, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApplication } from './application.js';
import { run } from './run.js';

let app: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ folder: app, remove } = await createApplication());
  await cp('test/package/app', app, { recursive: true });
});

afterAll(() => remove());

it('type-checks in an application, the declarations of the package included', async () => {
  expect(await run(app, 'npx', 'tsc')).toBe('');
});

it('is built into its bundle, styles and all', async () => {
  await run(app, 'npx', 'vite', 'build');
  const folder = join(app, 'dist/assets');
  const files = await readdir(folder);
  const read = (name: RegExp) =>
    readFile(
      join(
        folder,
        files.find((file) => name.test(file))!,
      ),
      'utf8',
    );
  expect(await read(/^index.*\.js$/)).toContain('/.well-known/mercure');
  expect(await read(/^index.*\.css$/)).toContain('.rs-call');
});

it('type-checks in Node too, and signals there from a driver to a hub', async () => {
  await run(app, 'npx', 'tsc', '-p', 'tsconfig.node.json');
  expect(await run(app, 'node', 'out/server.js')).toBe('hello\n');
});

it('brings its command', async () => {
  expect(await run(app, 'npx', 'react-signaling', 'hub', '--help')).toContain('--port');
});
