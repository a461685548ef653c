import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { TestProject } from 'vitest/node';
import { run } from './run.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where applications have the packed package installed, and all else they need. */
    applications: string;
  }
}

const MANIFEST = 'test/package/apps/package.json';

/** Builds and packs the package, and installs it once for the applications of all tests. */
export default async function setup(project: TestProject) {
  const folder = await mkdtemp(join(await installTools(), 'run-'));
  await run('.', 'npm', 'pack', '--pack-destination', folder);
  const [tarball] = await readdir(folder);
  await writeFile(join(folder, 'package.json'), '{"private":true,"type":"module"}');
  // React and the others are found one folder above.
  await run(folder, 'npm', 'install', '--prefer-offline', '--omit=peer', `./${tarball}`);
  project.provide('applications', folder);
  return () => rm(folder, { recursive: true });
}

/**
 * Installs what the applications need besides the package, once for each list of versions, into a
 * cache outside the tree.
 *
 * @returns its folder.
 */
async function installTools(): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'react-signaling');
  const version = createHash('sha256')
    .update(await readFile(MANIFEST))
    .digest('hex')
    .slice(0, 12);
  const folder = join(cache, `apps-${version}`);
  if (existsSync(folder)) return folder;

  console.log(`Installing once what the applications of test/package need: ${folder}`);
  await mkdir(cache, { recursive: true });
  const unfinished = await mkdtemp(`${folder}-`);
  await cp(MANIFEST, join(unfinished, 'package.json'));
  await run(unfinished, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund');
  // Only a whole one gets the name that is looked for. Another run may have been faster.
  await rename(unfinished, folder).catch(() => rm(unfinished, { recursive: true }));
  return folder;
}
