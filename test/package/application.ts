import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { run } from './run.js';

const NEEDS = [
  '@types/express',
  '@types/node',
  '@types/react',
  '@types/react-dom',
  '@vitejs/plugin-react',
  'express',
  'react',
  'react-dom',
  'typescript',
  'vite',
] as const;

/** An application outside the tree, which has the packed package installed. */
export async function createApplication(): Promise<{
  folder: string;
  remove: () => Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'react-signaling-app-'));
  const versions = NEEDS.map((name) => [name, manifest.devDependencies[name]]);
  const dependencies = { ...Object.fromEntries(versions), [manifest.name]: inject('tarball') };
  const own = { name: 'app', private: true, type: 'module', dependencies };
  await writeFile(join(folder, 'package.json'), JSON.stringify(own));
  await run(folder, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund');
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
