import { readFile, readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

const BOUNDARIES = ['index.js', 'components/index.js'];
const ANYWHERE = ['driver', 'call', 'hub', 'mercure', 'testing'];

const read = (file: string) => readFile(`dist/${file}`, 'utf8');

describe.each(BOUNDARIES)('%s', (file) => {
  it("begins with 'use client'", async () => {
    expect(await read(file)).toMatch(/^"use client";/);
  });

  it('names what it exports, as frameworks ask of a client boundary', async () => {
    expect(await read(file)).not.toMatch(/export \*/);
  });
});

it.each(ANYWHERE)(
  "%s/ is for servers and workers too, so nothing in it says 'use client'",
  async (folder) => {
    const files = (await readdir(`dist/${folder}`, { recursive: true })).filter((file) =>
      file.endsWith('.js'),
    );
    expect(files).not.toHaveLength(0);
    for (const file of files)
      expect(await read(`${folder}/${file}`)).not.toMatch(/['"]use client['"]/);
  },
);
