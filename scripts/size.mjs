// What the built package costs a page, as `npm run size`: minified and gzipped bytes of what loads
// first, React not counted. Fails when a limit is broken.

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

// The aims are 6,144 and 7,680 bytes; these limits hold what has been reached.
/** @type {{ name: string, code: string, limit?: number }[]} */
const IMPORTS = [
  { name: 'driver', code: `export { SseDriver } from 'react-signaling/driver'`, limit: 6_750 },
  {
    name: 'provider and hooks, with the driver',
    code: `export { SignalingProvider, useSignal, usePublish, useConnection } from 'react-signaling'`,
    limit: 8_550,
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
  console.error(`${name}: ${first} bytes, ${first - limit} over the limit of ${limit}.`);
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
 * The chunks of an application that has this code and nothing else, and of no framework's loader.
 *
 * @param {string} code
 */
async function bundle(code) {
  const entry = resolve('entry.js');
  const application = await rolldown({
    input: entry,
    external: /^react(-dom)?(\/|$)/,
    preserveEntrySignatures: 'allow-extension',
    checks: { moduleLevelDirective: false },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) => (id === entry ? code : undefined),
      },
    ],
  });
  const { output } = await application.generate({ minify: true });
  return output.filter((part) => part.type === 'chunk');
}

/** @param {import('rolldown').OutputChunk[]} chunks */
function codeOf(chunks) {
  return chunks.map((chunk) => chunk.code).join('');
}

/** @param {string} text */
function gzip(text) {
  return text === '' ? 0 : gzipSync(text, { level: 9 }).length;
}
