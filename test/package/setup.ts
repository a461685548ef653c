import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { run } from './run.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The packed package, as npm would publish it. */
    tarball: string;
  }
}

/** Builds and packs the package once for all tests of it. */
export default async function setup(project: TestProject) {
  const folder = await mkdtemp(join(tmpdir(), 'react-signaling-'));
  await run('.', 'npm', 'pack', '--pack-destination', folder);
  const [name] = await readdir(folder);
  project.provide('tarball', join(folder, name!));
  return () => rm(folder, { recursive: true });
}
