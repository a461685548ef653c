import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What every Mercure hub of these tests signs with: the demo key of Mercure's documentation. */
export const DEMO_KEY = '!ChangeThisMercureHubJWTSecretKey!';
/** Signed with it: publishes and subscribes to everything (the token of Peerix's documentation). */
export const DEMO_TOKEN =
  'eyJhbGciOiJIUzI1NiJ9.eyJtZXJjdXJlIjp7InB1Ymxpc2giOlsiKiJdLCJzdWJzY3JpYmUiOlsiKiJdfX0.bVXdlWXwfw9ySx7-iV5OpUSHo34RkjUdVzDLBcc6l_g';

export interface MercureOptions {
  /** The hub's program. */
  binary: string;
  /** Default: a free one. A hub that is started again takes the port it had. */
  port?: number;
  /** Where its history is kept. Default: a folder of its own, gone with it. */
  folder?: string;
  /** How many updates it keeps. Default: all. */
  historySize?: number;
}

/** Starts a real Mercure hub of 0.x on loopback. */
export async function startMercure(options: MercureOptions) {
  const port = options.port ?? (await freePort());
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'mercure-')));
  const config = join(folder, 'Caddyfile');
  await writeFile(config, caddyfile(port, folder, options.historySize));
  const hub = spawn(options.binary, ['run', '--config', config, '--adapter', 'caddyfile'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  });
  let log = '';
  hub.stderr.on('data', (chunk) => (log = (log + chunk).slice(-4_000)));
  const exited = once(hub, 'exit');
  const url = `http://127.0.0.1:${port}/.well-known/mercure`;
  await answers(url, () => hub.exitCode === null, () => log);

  async function stop(): Promise<void> {
    if (hub.exitCode === null) hub.kill('SIGKILL');
    await exited;
  }
  return {
    url,
    port,
    folder,
    /** Ends it at once, as a crash does; its folder stays for a restart. */
    stop,
    async close() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function caddyfile(port: number, folder: string, historySize = 0): string {
  return `{
  admin off
  auto_https off
  persist_config off
}
http://127.0.0.1:${port} {
  route {
    mercure {
      publisher_jwt ${DEMO_KEY} HS256
      subscriber_jwt ${DEMO_KEY} HS256
      anonymous
      subscriptions
      cors_origins http://localhost:6006
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
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
