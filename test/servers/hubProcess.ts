import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { HUB_PATH } from '../../src/mercure/index.js';
import { freePort } from './ports.js';

const ROOT = join(import.meta.dirname, '../..');

let building: Promise<string> | undefined;

/** The command `react-signaling` as one program, built for this process. */
function buildCommand(): Promise<string> {
  return (building ??= (async () => {
    const bundle = await rolldown({
      input: join(ROOT, 'src/hub/cli.ts'),
      platform: 'node',
      external: ['jose', /^urlpattern-polyfill/, '@redis/client'],
    });
    const dir = join(ROOT, 'node_modules/.cache/react-signaling', String(process.pid));
    await bundle.write({ dir, format: 'esm', entryFileNames: '[name].mjs' });
    return join(dir, 'cli.mjs');
  })());
}

/** A hub in a process of its own. */
export interface HubProcess {
  readonly url: string;
  readonly port: number;
  /** The id of the process, where it runs. */
  readonly pid: number | undefined;
  start(): Promise<void>;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Asks it to end; resolves to its exit code. */
  stop(): Promise<number | null>;
}

const processes = new Set<ChildProcess>();
process.on('exit', () => processes.forEach((child) => child.kill('SIGKILL')));

/** Starts `react-signaling hub` with these options; open to all, where `keys` gives it no keys. */
export async function startHubProcess(
  options: readonly string[],
  keys?: Record<string, string>,
): Promise<HubProcess> {
  const command = await buildCommand();
  const port = await freePort();
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    const access = keys ? [] : ['--open-to-all'];
    const args = [command, 'hub', ...access, ...options, '--port', String(port)];
    const started = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...keys },
    });
    let errors = '';
    started.stderr.on('data', (chunk) => (errors += chunk));
    processes.add(started);
    started.once('exit', () => processes.delete(started));
    child = started;
    const [first] = await Promise.race([once(started.stdout, 'data'), once(started, 'exit')]);
    if (typeof first === 'number') throw new Error(`The hub did not start: ${errors}`);
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return null;
    const exited = once(child, 'exit');
    child.kill(signal);
    return (await exited)[0] as number | null;
  }

  await start();
  return {
    url: `http://127.0.0.1:${port}${HUB_PATH}`,
    port,
    get pid() {
      return child?.pid;
    },
    start,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
}

/** A balancer: each connection goes to the next port that accepts it. */
export async function startBalancer(ports: readonly number[], at = 0) {
  let next = 0;
  let targets = ports;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const forward = (tries: number) => {
      const port = targets[next++ % targets.length]!;
      const upstream = connect(port, '127.0.0.1');
      let isOpen = false;
      upstream.once('connect', () => {
        isOpen = true;
        client.pipe(upstream).pipe(client);
      });
      upstream.on('error', () => {
        if (isOpen || tries === 0) client.destroy();
        else forward(tries - 1);
      });
      upstream.on('close', () => isOpen && client.destroy());
      client.on('close', () => upstream.destroy());
    };
    sockets.add(client);
    client.on('error', () => {}).on('close', () => sockets.delete(client));
    forward(targets.length);
  }).listen(at, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    /** Sends new connections elsewhere, and ends the old ones. */
    redirect(to: readonly number[]): void {
      targets = to;
      for (const socket of sockets) socket.destroy();
    },
    async close(): Promise<void> {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
