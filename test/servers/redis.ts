import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, untilOpen } from './ports.js';

/** Whether this machine has a Redis to test with. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

/** Says once, where it is so, what is not tested. */
if (!hasRedis) console.warn('No redis-server here: the tests on Redis do not run.');

/** A Redis on loopback, in memory, which ends with the test. */
export interface TestRedis {
  readonly url: string;
  readonly port: number;
  readonly pid: number | undefined;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
}

const servers = new Set<ChildProcess>();
process.on('exit', () => servers.forEach((server) => server.kill('SIGKILL')));

/** Starts a Redis with these settings, such as `['--replicaof', '127.0.0.1 6379']`. */
export async function startRedis(
  settings: readonly string[] = [],
  port?: number,
): Promise<TestRedis> {
  const at = port ?? (await freePort());
  const folder = await mkdtemp(join(tmpdir(), 'redis-'));
  const base = ['--port', String(at), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
  const quick = ['--repl-diskless-sync-delay', '0'];
  const server = spawn('redis-server', [...base, ...quick, ...settings], { stdio: 'ignore' });
  servers.add(server);
  await untilOpen(at, () => (server.exitCode === null ? undefined : 'Redis did not start.'));
  return {
    url: `redis://127.0.0.1:${at}`,
    port: at,
    pid: server.pid,
    async kill() {
      if (!servers.delete(server)) return;
      server.kill('SIGKILL');
      await once(server, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
