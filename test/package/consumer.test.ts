import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

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

describe(
  'an application outside this tree that installs the packed package',
  { timeout: 120_000 },
  () => {
    let app: string;
    const run = (command: string, ...args: string[]) =>
      promisify(execFile)(command, args, { cwd: app });

    beforeAll(async () => {
      app = await mkdtemp(join(tmpdir(), 'react-signaling-app-'));
      await cp('test/package/app', app, { recursive: true });
      const versions = NEEDS.map((name) => [name, manifest.devDependencies[name]]);
      const dependencies = { ...Object.fromEntries(versions), [manifest.name]: inject('tarball') };
      await writeFile(
        join(app, 'package.json'),
        JSON.stringify({ name: 'consumer', private: true, type: 'module', dependencies }),
      );
      await run('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund');
    }, 300_000);

    afterAll(() => rm(app, { recursive: true, force: true }));

    it('type-checks its pages, the declarations of the package included', async () => {
      await run('npx', 'tsc');
    });

    it('type-checks its Node side', async () => {
      await run('npx', 'tsc', '-p', 'tsconfig.node.json');
    });

    it('builds, styles and all', async () => {
      await run('npx', 'vite', 'build');
      const assets = await readdir(join(app, 'dist/assets'));
      const css = assets.find((name) => name.endsWith('.css'));
      expect(assets.some((name) => name.endsWith('.js'))).toBe(true);
      expect(await readFile(join(app, 'dist/assets', css!), 'utf8')).toContain('.rs-call');
    });
  },
);
