// What the built package costs a page, as `npm run size`: minified and gzipped bytes of one bundle,
// React and TanStack Query not counted. Fails when a limit is broken.

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

// The aims are 9,216 bytes for the driver, 11,264 with provider and hooks, and 9,216 for the hooks of
// a call; these limits hold what has been reached.
const CALL_HOOKS = `export { SignalingProvider, useCall, useCallMessages, useLocalMedia, usePeerStats, useSpeaking } from 'react-signaling'`;

/** @type {{ name: string, code: string, beside?: string, limit?: number }[]} */
const IMPORTS = [
  { name: 'driver', code: `export { SseDriver } from 'react-signaling/driver'`, limit: 12_650 },
  {
    name: 'provider and hooks, with the driver',
    code: `export { SignalingProvider, useSignal, usePublish, useConnection } from 'react-signaling'`,
    limit: 15_450,
  },
  {
    name: 'usePresence and useTyping, beside provider and driver',
    code: `export { SignalingProvider, usePresence, useTyping } from 'react-signaling'`,
    beside: `export { SignalingProvider } from 'react-signaling'`,
    limit: 4_300,
  },
  {
    name: 'sealed, beside the driver',
    code: `export { SseDriver, sealed } from 'react-signaling/driver'`,
    beside: `export { SseDriver } from 'react-signaling/driver'`,
    limit: 1_650,
  },
  { name: 'call', code: `export * from 'react-signaling/call'` },
  {
    name: 'hooks of a call, beside provider and driver',
    code: CALL_HOOKS,
    beside: `export { SignalingProvider } from 'react-signaling'`,
    limit: 11_600,
  },
  {
    name: 'hooks for TanStack Query, beside it, provider and driver',
    code: `export { SignalingProvider } from 'react-signaling'; export * from 'react-signaling/query'`,
    beside: `export { SignalingProvider } from 'react-signaling'`,
    limit: 2_750,
  },
  {
    name: 'components, beside the hooks of a call',
    code: `${CALL_HOOKS}; export * from 'react-signaling/components'`,
    beside: CALL_HOOKS,
    limit: 12_000,
  },
];

const rows = await Promise.all(IMPORTS.map(measure));
const css = await readFile('dist/components.css', 'utf8');
rows.push({ name: 'components.css', bytes: gzip(css), limit: 4_000 });

console.table(Object.fromEntries(rows.map(({ name, ...row }) => [name, row])));

for (const { name, bytes, limit = Infinity } of rows) {
  if (bytes <= limit) continue;
  console.error(`${name}: ${bytes} bytes, ${bytes - limit} over the limit of ${limit}.`);
  process.exitCode = 1;
}

/** @param {typeof IMPORTS[number]} one */
async function measure({ name, code, beside, limit }) {
  const known = beside ? gzip(await bundle(beside)) : 0;
  return { name, bytes: gzip(await bundle(code)) - known, limit };
}

/**
 * An application that has this code and nothing else.
 *
 * @param {string} code
 */
async function bundle(code) {
  const entry = resolve('entry.js');
  const application = await rolldown({
    input: entry,
    external: /^(react(-dom)?|@tanstack\/react-query)(\/|$)/,
    checks: { moduleLevelDirective: false },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) => (id === entry ? code : undefined),
      },
    ],
  });
  const { output } = await application.generate({ minify: true, codeSplitting: false });
  return output[0].code;
}

/** @param {string} text */
function gzip(text) {
  return gzipSync(text, { level: 9 }).length;
}
