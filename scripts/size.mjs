// What the built package costs a page, as `npm run size`: minified and gzipped bytes of what loads
// first, React not counted. Fails when a promise is broken.

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

/** @type {{ name: string, code: string, limit?: number }[]} */
const IMPORTS = [
  { name: 'driver', code: `export { SseDriver } from 'react-signaling/driver'`, limit: 6144 },
  {
    name: 'provider and hooks, with the driver',
    code: `export { SignalingProvider, useSignal, usePublish, useConnection } from 'react-signaling'`,
    limit: 7680,
  },
  { name: 'call', code: `export * from 'react-signaling/call'` },
  { name: 'components, with all they need', code: `export * from 'react-signaling/components'` },
];

const rows = await Promise.all(IMPORTS.map(measure));
const css = gzip(await readFile('dist/components.css', 'utf8'));
rows.push({ name: 'components.css', first: css, later: 0, limit: undefined });

console.table(
  Object.fromEntries(
    rows.map(({ name, first, later, limit }) => [
      name,
      { bytes: first, limit, 'loaded later': later },
    ]),
  ),
);

for (const { name, first, limit = Infinity } of rows) {
  if (first <= limit) continue;
  console.error(`${name}: ${first} bytes, ${first - limit} over the promised ${limit}.`);
  process.exitCode = 1;
}

/** @param {typeof IMPORTS[number]} one */
async function measure({ name, code, limit }) {
  const chunks = await bundle(code);
  const first = chunks.filter((chunk) => !chunk.isDynamicEntry);
  const later = chunks.filter((chunk) => chunk.isDynamicEntry);
  return { name, limit, first: gzip(codeOf(first)), later: gzip(codeOf(later)) };
}

/**
 * The chunks of an application that has this code and nothing else.
 *
 * @param {string} code
 */
async function bundle(code) {
  const entry = resolve('entry.js');
  const output = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: true,
      modulePreload: false,
      rolldownOptions: {
        input: entry,
        external: /^react(-dom)?(\/|$)/,
        preserveEntrySignatures: 'strict',
      },
    },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) => (id === entry ? code : undefined),
      },
    ],
  });
  const outputs = /** @type {import('vite').Rolldown.RolldownOutput} */ (output).output;
  return outputs.filter((part) => part.type === 'chunk');
}

/** @param {import('vite').Rolldown.OutputChunk[]} chunks */
function codeOf(chunks) {
  return chunks.map((chunk) => chunk.code).join('');
}

/** @param {string} text */
function gzip(text) {
  return text === '' ? 0 : gzipSync(text, { level: 9 }).length;
}
