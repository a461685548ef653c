import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preview } from 'vite';
import type { TestProject } from 'vitest/node';
import { runCommand } from './runCommand.js';

declare module 'vitest' {
  export interface ProvidedContext {
    manual: string;
  }
}

/** Builds the Storybook and serves its files, without a hub or anything else behind them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'react-signaling-manual-'));
  await runCommand('npm', 'run', 'build:docs', '--', '--output-dir', folder);
  const server = await preview({
    configFile: false,
    appType: 'mpa',
    logLevel: 'error',
    build: { outDir: folder },
    preview: { host: '127.0.0.1', port: 0 },
  });
  project.provide('manual', server.resolvedUrls!.local[0]!);
  return async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  };
}
