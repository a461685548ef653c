// Runs the tests of the driver on real Mercure hubs: `node scripts/mercure.mjs [files and options of
// Vitest]`. Without files, the suites run on the embedded hub as well.
// `MERCURE_BIN_0` and `MERCURE_BIN_1` name programs of 0.24.2 and of 1.0; one of 0.24.2 is built
// where Go is.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const VERSION = 'v0.24.2';
const XCADDY = 'github.com/caddyserver/xcaddy/cmd/xcaddy@latest';

const HELP = `There is no Mercure hub to test with. One of these mends it:
  MERCURE_BIN_0=/path/to/mercure npm run test:mercure    a program of ${VERSION} you already have
  install Go 1.26 (https://go.dev/dl), which builds one    once, in some minutes
The tests that need none: npm test`;

/**
 * The path of a Mercure of `VERSION`, built once into a cache outside the tree.
 *
 * @returns {string | undefined} `undefined` where it cannot be built.
 */
export function buildMercure() {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const folder = join(cache, 'react-signaling');
  const binary = join(folder, `mercure-${VERSION}`);
  if (existsSync(binary)) return binary;

  console.log(`Building Mercure ${VERSION} once, which takes some minutes: ${binary}`);
  mkdirSync(folder, { recursive: true });
  const output = `${binary}.${process.pid}`;
  const built =
    run('go', ['install', XCADDY], { GOBIN: folder }) &&
    run(
      join(folder, 'xcaddy'),
      ['build', '--with', `github.com/dunglas/mercure/caddy@${VERSION}`, '--output', output],
      { XCADDY_GO_BUILD_FLAGS: '-tags=nobadger,nomysql,nopgx' },
    );
  if (!built) return undefined;
  // Only a whole one gets the name that is looked for.
  renameSync(output, binary);
  return binary;
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 */
function run(command, args, env) {
  /** @type {import('node:child_process').SpawnSyncOptions} */
  const options = { env: { ...process.env, ...env }, stdio: ['ignore', 'inherit', 'inherit'] };
  return spawnSync(command, args, options).status === 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const binary = process.env.MERCURE_BIN_0 || buildMercure();
  if (!binary || !existsSync(binary)) {
    console.error(binary ? `MERCURE_BIN_0 is ${binary}, which is not there.` : HELP);
    process.exit(1);
  }
  const vitest = join(import.meta.dirname, '..', 'node_modules', 'vitest', 'vitest.mjs');
  const args = process.argv.slice(2);
  const named = args.some((arg) => !arg.startsWith('-'));
  const tests = named ? [] : ['test/hubs/', 'test/driver/', 'test/faults/'];
  const passed = run(
    process.execPath,
    [vitest, 'run', '--project=hubs', '--project=unit', '--project=slow', ...tests, ...args],
    { MERCURE_BIN_0: binary },
  );
  process.exit(passed ? 0 : 1);
}
