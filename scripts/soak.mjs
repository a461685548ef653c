// Random faults over many signals, on each hub that is there: `npm run soak -- --seed 1`.

import process from 'node:process';
import { createServer } from 'vite';
import { buildMercure } from './mercure.mjs';

process.env.MERCURE_BIN_0 ||= buildMercure() ?? '';

// Node alone reads no TypeScript.
const vite = await createServer({
  configFile: false,
  appType: 'custom',
  logLevel: 'error',
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, ws: false, watch: null },
});
const { main } = /** @type {typeof import('../test/soak/run.js')} */ (
  await vite.ssrLoadModule('/test/soak/run.ts')
);
await main();
process.exit();
