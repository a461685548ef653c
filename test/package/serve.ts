import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { environmentOf } from './run.js';

/** Starts what serves an application until `stop` is called. Its address is what it prints first. */
export async function serve(
  folder: string,
  command: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
) {
  const server = spawn(command, args, {
    cwd: folder,
    env: { ...environmentOf(folder), NO_COLOR: '1', ...env },
  });
  const exited = once(server, 'exit');
  const stop = async (): Promise<void> => {
    server.kill();
    await exited;
  };
  let printed = '';
  server.stderr.on('data', (chunk) => (printed += String(chunk)));
  for await (const chunk of server.stdout) {
    printed += String(chunk);
    const [url] = /http:\/\/(?:127\.0\.0\.1|localhost):\d+/.exec(printed) ?? [];
    // What it prints later must not fill its pipe.
    server.stdout.resume();
    if (!url) continue;
    // Next prints its address before it listens.
    while (server.exitCode === null && !(await isServed(url))) await setTimeout(50);
    return { url: `${url}/`, stop };
  }
  throw new Error(`${command} does not serve:\n${printed}`);
}

async function isServed(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}
