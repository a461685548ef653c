import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { run } from './run.js';

let app: string;

/** An application that has React, and none of the peers that may be missing. */
beforeAll(async () => {
  app = await mkdtemp(join(tmpdir(), 'app-'));
  const installed = inject('applications');
  await cp(join(installed, 'node_modules'), join(app, 'node_modules'), { recursive: true });
  for (const name of ['react', 'react-dom']) {
    await symlink(join(installed, '../node_modules', name), join(app, 'node_modules', name));
  }
});

afterAll(() => rm(app, { recursive: true }));

const load = (entry: string) =>
  run(app, 'node', '--input-type=module', '--eval', `await import('${entry}')`);

it.each(['', '/driver', '/call', '/components', '/hub', '/testing'])(
  'react-signaling%s needs none of them',
  async (entry) => {
    expect(await load(`react-signaling${entry}`)).toBe('');
  },
);

it('react-signaling/query names the one that it needs', async () => {
  await expect(load('react-signaling/query')).rejects.toThrow(
    "Cannot find package '@tanstack/react-query'",
  );
});
