import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { expect, it } from 'vitest';

it('imports nothing of Node into /hub, so that it runs in a service worker', async () => {
  const input = join(import.meta.dirname, '../../dist/hub/index.js');
  const bundle = await rolldown({
    input,
    platform: 'browser',
    external: [/^node:/, ...builtinModules, '@redis/client'],
  });
  const { output } = await bundle.generate({ format: 'esm' });
  const imported = output.flatMap((file) =>
    file.type === 'chunk' ? [...file.imports, ...file.dynamicImports] : [],
  );
  const own = new Set(output.map(({ fileName }) => fileName));
  expect(imported.filter((name) => !own.has(name))).toEqual([]);
});
