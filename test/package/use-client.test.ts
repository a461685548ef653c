import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const FOR_REACT = ['index', 'components/index', 'query/index', 'devtools/index'].map(
  (entry) => `dist/${entry}.js`,
);
const FOR_ALL = ['driver', 'call', 'hub', 'mercure', 'testing'];

const DIRECTIVE = /^['"]use client['"];/;
const IMPORTS = /^(?:import|export)\b.*?from "([^"]+)";$/gm;

describe.each(FOR_REACT)('what a server component imports by way of %s', (entry) => {
  it("uses React only behind 'use client'", async () => {
    const modules = await serverSide(entry);
    const open = modules.filter(({ isClient, imports }) => !isClient && imports.includes('react'));
    expect(modules.some(({ isClient }) => isClient)).toBe(true);
    expect(open).toEqual([]);
  });

  it('has its names listed at the boundary, as frameworks ask', async () => {
    const modules = await serverSide(entry);
    const vague = modules.filter(({ isClient, code }) => isClient && code.includes('export *'));
    expect(vague).toEqual([]);
  });
});

it.each(FOR_ALL)(
  "%s/ is for servers and workers too: nothing in it says 'use client'",
  async (folder) => {
    const files = await readdir(`dist/${folder}`, { recursive: true });
    const codes = await Promise.all(
      files
        .filter((file) => file.endsWith('.js'))
        .map((file) => readFile(`dist/${folder}/${file}`, 'utf8')),
    );
    expect(codes).not.toHaveLength(0);
    expect(codes.filter((code) => DIRECTIVE.test(code))).toEqual([]);
  },
);

/** The modules that are reached from an entry up to the first 'use client' on each way. */
async function serverSide(entry: string) {
  const modules = [];
  const files = new Set([entry]);
  for (const file of files) {
    const code = await readFile(file, 'utf8');
    const imports = Array.from(code.matchAll(IMPORTS), ([, name]) => name!);
    const isClient = DIRECTIVE.test(code);
    modules.push({ file, code, imports, isClient });
    if (isClient) continue;
    for (const name of imports) {
      if (name.startsWith('.')) files.add(join(file, '..', name));
    }
  }
  return modules;
}
