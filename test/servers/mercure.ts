import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HUB_PATH, type ProtocolVersion } from '../../src/mercure/index.js';
import { freePort } from './ports.js';

/** What every Mercure hub of these tests signs with: the demo key of Mercure's documentation. */
export const DEMO_KEY = '!ChangeThisMercureHubJWTSecretKey!';
/** Signed with it: publishes and subscribes to everything (the token of Peerix's documentation). */
export const DEMO_TOKEN =
  'eyJhbGciOiJIUzI1NiJ9.eyJtZXJjdXJlIjp7InB1Ymxpc2giOlsiKiJdLCJzdWJzY3JpYmUiOlsiKiJdfX0.bVXdlWXwfw9ySx7-iV5OpUSHo34RkjUdVzDLBcc6l_g';

/** Where a history costs no disk, on Linux: the hub writes through for every update. */
const MEMORY = '/dev/shm';

export interface MercureOptions {
  /** The hub's program. */
  binary: string;
  /** Which version that is. Default: `0.x`. */
  version?: ProtocolVersion;
  /** How many updates it keeps. Default: all. */
  historySize?: number;
  /** How often a silent stream gets a comment, in ms. Default: 40,000. */
  heartbeat?: number;
  /** The origin whose pages may use it. Default: none of these tests. */
  origin?: string | undefined;
}

/** Starts a real Mercure hub on loopback, with its history in a folder of its own. */
export async function startMercure({ binary, version = '0.x', ...settings }: MercureOptions) {
  const port = await freePort();
  const folder = await mkdtemp(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'mercure-'));
  const config = join(folder, 'Caddyfile');
  const url = `http://127.0.0.1:${port}${HUB_PATH}`;
  await writeFile(config, caddyfile(version, port, folder, settings));
  let hub: ChildProcess | undefined;
  // A test that is cut short leaves no hub behind.
  const kill = () => hub?.kill('SIGKILL');
  process.on('exit', kill);

  async function start(): Promise<void> {
    let log = '';
    const started = spawn(binary, ['run', '--config', config, '--adapter', 'caddyfile'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    });
    started.on('error', (error) => (log += error.message));
    started.stderr.on('data', (chunk) => (log = (log + chunk).slice(-4_000)));
    hub = started;
    const lives = () => started.pid !== undefined && started.exitCode === null;
    await answers(url, lives, () => log);
  }

  /** Ends it at once, as a crash does; its history stays for a restart. */
  async function stop(): Promise<void> {
    if (!hub || hub.exitCode !== null || hub.signalCode !== null) return;
    const exited = once(hub, 'exit');
    hub.kill('SIGKILL');
    await exited;
  }

  async function close(): Promise<void> {
    await stop();
    process.off('exit', kill);
    await rm(folder, { recursive: true, force: true });
  }

  try {
    await start();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url,
    /** Of the process that runs now. */
    get pid() {
      return hub!.pid!;
    },
    start,
    stop,
    close,
  };
}

const AUTHORIZATION = {
  '0.x': `publisher_jwt ${DEMO_KEY} HS256
      subscriber_jwt ${DEMO_KEY} HS256`,
  '1.0': `issuer https://localhost {
        publisher {
          jwt ${DEMO_KEY} HS256
        }
        subscriber {
          jwt ${DEMO_KEY} HS256
        }
      }
      resource_identifier https://localhost${HUB_PATH}
      cookie_name mercure_access_token`,
};

function caddyfile(
  version: ProtocolVersion,
  port: number,
  folder: string,
  {
    historySize = 0,
    heartbeat = 40_000,
    origin = 'http://localhost:6006',
  }: Omit<MercureOptions, 'binary' | 'version'>,
): string {
  return `{
  admin off
  auto_https off
  persist_config off
}
http://127.0.0.1:${port} {
  route {
    mercure {
      ${AUTHORIZATION[version]}
      anonymous
      heartbeat ${heartbeat}ms
      subscriptions
      cors_origins ${origin}
      transport bolt {
        path ${join(folder, 'updates.db')}
        size ${historySize}
        cleanup_frequency ${historySize > 0 ? 1 : 0}
      }
    }
  }
}
`;
}

async function answers(url: string, lives: () => boolean, log: () => string): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    // A hub that is up refuses a subscription without topics.
    const response = await fetch(url).catch(() => undefined);
    if (response?.status === 400) return;
    if (!lives() || Date.now() > deadline) throw new Error(`The hub did not start:\n${log()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
