import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { untilOpen } from './ports.js';

/** The proxies this machine has; a Mercure hub is a Caddy too. */
export const nginx = findProgram('nginx', '-v');
export const caddy = process.env.MERCURE_BIN_0 || findProgram('caddy', 'version');

/** Says once, where it is so, what is not tested. */
if (!nginx) console.warn('No nginx here: its part of docs/deployment.md does not run.');
if (!caddy) console.warn('No Caddy here: its part of docs/deployment.md does not run.');

/** Starts nginx with a configuration of the `http` block, which listens on `port`. */
function startNginx(http: string, port: number) {
  const configure = (folder: string) => `daemon off; worker_processes 1;
pid ${folder}/pid; error_log ${folder}/error.log;
events {}
http {
access_log off;
${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n')}
${http}
}`;
  return start(nginx!, (file) => ['-c', file, '-e', `${file}.log`], configure, port);
}

/** Starts Caddy with a Caddyfile, which listens on `port`. */
function startCaddy(sites: string, port: number) {
  const options = '{\ngrace_period 10ms\nadmin off\nauto_https off\npersist_config off\n}\n';
  return start(
    caddy!,
    (file) => ['run', '--config', file, '--adapter', 'caddyfile'],
    () => options + sites,
    port,
  );
}

const docs = join(import.meta.dirname, '../../docs');

/** Starts the nginx of docs/deployment.md in front of two hubs. */
export async function startDocumentedNginx(port: number, hubs: readonly [number, number]) {
  const [upstream, location] = (await snippet('nginx', hubs)).split(/^(?=location)/m);
  const server = `server {\nlisten 127.0.0.1:${port};\n${location}\n}`;
  return startNginx(`gzip on;\n${upstream}\n${server}`, port);
}

/** Starts the Caddy of docs/deployment.md in front of two hubs. */
export async function startDocumentedCaddy(port: number, hubs: readonly [number, number]) {
  const text = await snippet('caddyfile', hubs);
  return startCaddy(text.replace('hub.example.com', `http://127.0.0.1:${port}`), port);
}

/** Starts the Caddy of docs/compose.yaml in front of a hub. */
export async function startComposedCaddy(port: number, [hub]: readonly [number, number]) {
  const file = await readFile(join(docs, 'compose.yaml'), 'utf8');
  const [, to] = /caddy reverse-proxy --from :8080 --to (\S+)/.exec(file)!;
  const upstream = to!.replace('hub:8080', `127.0.0.1:${hub}`);
  return startCaddy(`http://:${port} {\nreverse_proxy ${upstream}\n}`, port);
}

/** A configuration of docs/deployment.md, with these hubs. */
async function snippet(language: string, [one, two]: readonly [number, number]): Promise<string> {
  const page = await readFile(join(docs, 'deployment.md'), 'utf8');
  const [, text] = new RegExp(`\`\`\`${language}\\n(.+?)\`\`\``, 's').exec(page)!;
  return text!.replace('127.0.0.1:8081', `127.0.0.1:${one}`).replace('8082', String(two));
}

async function start(
  program: string,
  toArguments: (file: string) => string[],
  configure: (folder: string) => string,
  port: number,
): Promise<{ close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'proxy-'));
  const file = join(folder, 'config');
  await writeFile(file, configure(folder));
  let log = '';
  const proxy = spawn(program, toArguments(file), {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  });
  proxy.stderr.on('data', (chunk) => (log = (log + chunk).slice(-4_000)));
  const kill = () => proxy.kill();
  process.on('exit', kill);
  await untilOpen(port, () =>
    proxy.exitCode === null ? undefined : `The proxy did not start: ${log}`,
  );
  return {
    async close() {
      process.off('exit', kill);
      kill();
      if (proxy.exitCode === null) await once(proxy, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function findProgram(name: string, version: string): string | undefined {
  return spawnSync(name, [version]).status === 0 ? name : undefined;
}
