// Finds the Chromium that tests and pictures run in, or gets one: `node scripts/chromium.mjs`.

import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const DOWNLOAD_TIME_LIMIT = 4 * 60_000;
const PACKAGE_TIME_LIMIT = 8 * 60_000;

const HELP = `No Chromium was found, and none could be fetched. One of these mends it:
  npx playwright install chromium       Playwright's own, with the network open to its download
  apt-get install -y chromium           Debian and Ubuntu, as root
  CHROMIUM_PATH=/path/to/chrome npm test    one you already have`;

// A camera and a microphone without hardware or questions, and WebRTC that stays on this machine.
const CALL_FLAGS = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  '--allow-loopback-in-peer-connection',
];

// Nothing that a browser asks the internet for by itself.
const QUIET_FLAGS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
];

/**
 * The path of a Chromium: `CHROMIUM_PATH`, else Playwright's own, else the first on `PATH`.
 *
 * @returns {string | undefined}
 */
export function findChromium() {
  const { CHROMIUM_PATH, PATH = '' } = process.env;
  if (CHROMIUM_PATH) return CHROMIUM_PATH;

  // Playwright names its path whether or not anything is there.
  const own = chromium.executablePath();
  if (existsSync(own)) return own;

  const folders = PATH.split(delimiter).filter(Boolean);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

/**
 * What Playwright needs to start that Chromium for calls.
 *
 * @returns {import('playwright').LaunchOptions}
 */
export function launchOptions() {
  const isRoot = process.getuid?.() === 0;
  return {
    executablePath: findChromium(),
    args: [...CALL_FLAGS, ...QUIET_FLAGS, ...(isRoot ? ['--no-sandbox'] : [])],
  };
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function getChromium() {
  const mayInstall = process.getuid?.() === 0 && existsSync('/etc/debian_version');

  console.log('No Chromium on this machine yet: asking Playwright for its own.');
  playwright('install', '--no-shell', 'chromium');
  if (findChromium()) {
    if (mayInstall) playwright('install-deps', 'chromium');
    return;
  }

  if (!mayInstall) return;
  console.log('That did not work: asking Debian for its package.');
  run('apt-get', ['update'], PACKAGE_TIME_LIMIT);
  run('apt-get', ['install', '-y', 'chromium'], PACKAGE_TIME_LIMIT);
}

/** @param {string[]} args */
function playwright(...args) {
  const command = join(import.meta.dirname, '..', 'node_modules', 'playwright', 'cli.js');
  run(process.execPath, [command, ...args], DOWNLOAD_TIME_LIMIT);
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {number} timeout in milliseconds
 */
function run(command, args, timeout) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync(command, args, { env, timeout, stdio: ['ignore', 'inherit', 'inherit'] });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (!findChromium()) getChromium();

  const path = findChromium();
  if (!path || !isExecutable(path)) {
    console.error(path ? `CHROMIUM_PATH is ${path}, which cannot be run. Mend or unset it.` : HELP);
    process.exit(1);
  }
  console.log(`Chromium: ${path}`);
}
