import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { run } from './run.js';

const NEEDS = [
  'react',
  'react-dom',
  '@types/node',
  '@types/react',
  '@types/react-dom',
  '@vitejs/plugin-react',
  'typescript',
  'vite',
] as const;

let app: string;

beforeAll(async () => {
  app = await mkdtemp(join(tmpdir(), 'react-signaling-app-'));
  await cp('test/package/app', app, { recursive: true });
  const versions = NEEDS.map((name) => [name, manifest.devDependencies[name]]);
  const dependencies = { ...Object.fromEntries(versions), [manifest.name]: inject('tarball') };
  const own = { name: 'app', private: true, type: 'module', dependencies };
  await writeFile(join(app, 'package.json'), JSON.stringify(own));
  await run(app, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund');
});

afterAll(() => rm(app, { recursive: true, force: true }));

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
