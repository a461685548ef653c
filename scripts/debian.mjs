// Finds the programs that some tests need beside Node, or gets them from Debian:
// `node scripts/debian.mjs`. What is not to be had is named; the tests that need it do not run, and
// say so.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import process from 'node:process';

const TIME_LIMIT = 8 * 60_000;

/** The package, its command, and what needs it. */
const PROGRAMS = [
  { name: 'redis-server', command: 'redis-server', tests: 'of several hubs on Redis' },
  { name: 'coturn', command: 'turnserver', tests: 'of calls through a TURN server' },
  { name: 'firefox-esr', command: 'firefox-esr', tests: 'of calls with Firefox' },
];

const missing = () =>
  PROGRAMS.filter(({ command }) => spawnSync(command, ['--version']).error !== undefined);

/** @param {string[]} args */
function aptGet(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Without a network it gives up soon.
  const patience = ['-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=20'];
  spawnSync('apt-get', [...patience, ...args], {
    env,
    timeout: TIME_LIMIT,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

const wanted = missing();
const mayInstall = process.getuid?.() === 0 && existsSync('/etc/debian_version');
if (wanted.length > 0 && mayInstall) {
  console.log('Asking Debian for what is not on this machine yet.');
  aptGet('update');
  // One by one: a package that is not to be had takes no other one along.
  for (const { name } of wanted) aptGet('install', '-y', '--no-install-recommends', name);
}
for (const { name, tests } of missing()) {
  console.log(`No ${name} on this machine, so the tests ${tests} do not run. This mends it:
  apt-get install -y ${name}     Debian and Ubuntu, as root`);
}
