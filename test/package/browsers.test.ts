import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { expect, it } from 'vitest';

const ENTRIES = ['', 'driver', 'call', 'components', 'query', 'hub', 'testing', 'devtools'];

it.each(ENTRIES)(
  'imports nothing of Node into /%s, so that it runs in pages and workers',
  async (entry) => {
    const bundle = await rolldown({
      input: join(import.meta.dirname, '../../dist', entry, 'index.js'),
      platform: 'browser',
      logLevel: 'silent',
      external: /^[^./]/,
    });
    const { output } = await bundle.generate({ format: 'esm' });
    const imported = output.flatMap((file) =>
      file.type === 'chunk' ? [...file.imports, ...file.dynamicImports] : [],
    );
    expect(imported.filter((name) => isBuiltin(name))).toEqual([]);
  },
);
