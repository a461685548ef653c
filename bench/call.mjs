// How soon calls connect, and what they survive, in real pages: `npm run bench:call`. Optional are
// ROUNDS, PEERS, SCALE (how long the faults last, 1 as in the docs), ONLY (pair, rounds, sending or
// faults) and ROW (a part of the name of a fault).

import process from 'node:process';
import { createServer } from 'vite';

// Node alone reads no TypeScript.
const vite = await createServer({
  configFile: false,
  appType: 'custom',
  logLevel: 'error',
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, ws: false, watch: null },
});
const { main } = /** @type {typeof import('../test/call/pages/bench.js')} */ (
  await vite.ssrLoadModule('/test/call/pages/bench.ts')
);
await main();
process.exit();
