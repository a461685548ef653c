import type { ServerResponse } from 'node:http';
import { parseArgs } from 'node:util';
import { createHub } from './EmbeddedHub.js';
import type { Hub } from './Hub.js';
import { isLoopback } from './loopback.js';
import { monitor } from './monitor.js';
import { toNodeHandler, type NodeHandler } from './node.js';
import type { HubLogRecord, HubOptions, JwtKey } from './options.js';
import { PAGE_HEADERS, renderPage } from './page.js';
import { serve } from './serve.js';
import { openStorage } from './storage/openStorage.js';
import type { Storage } from './storage/Storage.js';

/** What the command needs of its surroundings. */
export interface CommandIo {
  env: Record<string, string | undefined>;
  out(line: string): void;
  error(line: string): void;
  /** Stops the hub. */
  signal: AbortSignal;
}

/** Every option can also be given as an environment variable: `--cors-origins` as `MERCURE_CORS_ORIGINS`. */
const OPTIONS: Record<string, { type: 'string' | 'boolean'; value?: string; text: string }> = {
  host: { type: 'string', value: 'ADDRESS', text: 'Where it listens (127.0.0.1)' },
  port: { type: 'string', value: 'NUMBER', text: 'Its port (8080)' },
  'open-to-all': { type: 'boolean', text: 'Nobody needs a token. On loopback only' },
  'publisher-jwt-key': {
    type: 'string',
    value: 'KEY',
    text: 'Secret or PEM that verifies publishers',
  },
  'publisher-jwks-url': {
    type: 'string',
    value: 'URL',
    text: 'Or where the keys are that verify publishers',
  },
  'publisher-jwt-alg': {
    type: 'string',
    value: 'ALG',
    text: 'Its algorithm (HS256; RS256 for PEM)',
  },
  'subscriber-jwt-key': {
    type: 'string',
    value: 'KEY',
    text: 'Secret or PEM that verifies subscribers',
  },
  'subscriber-jwks-url': {
    type: 'string',
    value: 'URL',
    text: 'Or where the keys are that verify subscribers',
  },
  'subscriber-jwt-alg': {
    type: 'string',
    value: 'ALG',
    text: 'Its algorithm (HS256; RS256 for PEM)',
  },
  'trusted-issuers': { type: 'string', value: 'IDS', text: 'The "iss" tokens must have (any)' },
  'resource-identifier': { type: 'string', value: 'ID', text: 'The "aud" tokens must have (any)' },
  'cookie-name': { type: 'string', value: 'NAME', text: 'The cookie that may carry a token' },
  anonymous: { type: 'boolean', text: 'Subscribers need no token' },
  'cors-origins': {
    type: 'string',
    value: 'ORIGINS',
    text: 'Origins whose pages may use it; * for all',
  },
  'publish-origins': {
    type: 'string',
    value: 'ORIGINS',
    text: 'Origins that may publish with a cookie',
  },
  subscriptions: { type: 'boolean', text: 'Tells who subscribes (presence)' },
  protocol: { type: 'string', value: 'VERSION', text: '0.x, 1.0 or both (both)' },
  heartbeat: { type: 'string', value: 'DURATION', text: 'A comment after this much silence (40s)' },
  'write-timeout': {
    type: 'string',
    value: 'DURATION',
    text: 'How long a stream lives at most (600s)',
  },
  'max-request-body-size': {
    type: 'string',
    value: 'SIZE',
    text: 'The largest body (10MiB; 1.0: 1MiB)',
  },
  size: { type: 'string', value: 'NUMBER', text: 'How many updates it remembers (10000)' },
  storage: {
    type: 'string',
    value: 'WHERE',
    text: 'Where it keeps them: file:PATH or redis://… (in memory)',
  },
  url: { type: 'string', value: 'URL', text: 'Its own URL, as its clients know it' },
  drain: {
    type: 'string',
    value: 'DURATION',
    text: 'How long its streams take to end when it is stopped (0s)',
  },
  'metrics-port': { type: 'string', value: 'NUMBER', text: 'Serves /health and /metrics there' },
  log: { type: 'boolean', text: 'Writes what happens as lines of JSON' },
  help: { type: 'boolean', text: 'Shows this' },
};

/** What was given, by option. */
type Given = Record<string, string | undefined>;

/** An option that cannot be what it is. */
class UsageError extends Error {}

/**
 * The command `react-signaling`. Runs until `io.signal` stops it.
 *
 * @returns its exit code.
 */
export async function run(argv: readonly string[], io: CommandIo): Promise<number> {
  try {
    const { command, given } = readArguments(argv, io.env);
    if (command === undefined || given.help) {
      io.out(help());
      return given.help ? 0 : 2;
    }
    if (command !== 'hub') throw new UsageError(`There is no command "${command}", only "hub".`);
    await runHub(given, io);
    return 0;
  } catch (error) {
    io.error(explain(error));
    return error instanceof UsageError ? 2 : 1;
  }
}

async function runHub(given: Given, io: CommandIo): Promise<void> {
  const { host = '127.0.0.1', port = '8080' } = given;
  const options = toHubOptions(given, host);
  const within = toMilliseconds('drain', given.drain);
  if (given.log) options.log = (record) => io.out(toLogLine(record));
  if (given.storage) options.storage = await toStorage(given.storage, options);
  const hub = createHub(options);
  try {
    await hub.ready;
  } catch (error) {
    await hub.close();
    throw error;
  }
  const access = describeAccess(options);
  let url = '';
  const handler = withPage(hub, () =>
    renderPage({ url, access, subscribers: hub.subscribers, liveQuery: liveQuery(options) }),
  );
  const running = await serve(hub, handler, { host, port: toNumber('port', port) });
  url = running.url;
  const monitoring = given['metrics-port']
    ? await monitor(hub, { host, port: toNumber('metrics-port', given['metrics-port']) })
    : undefined;
  io.out(`Mercure hub at ${url}. ${access}`);
  await new Promise<void>((resolve) => {
    if (io.signal.aborted) resolve();
    io.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await running.close({ within });
  await monitoring?.close();
}

async function toStorage(name: string, { history }: HubOptions): Promise<Storage> {
  try {
    return await openStorage(name, { size: history });
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message);
    // Its message may name the URL, and that a password.
    throw new Error('The storage cannot be reached. Is its server running?', { cause: error });
  }
}

function toLogLine(record: HubLogRecord): string {
  return JSON.stringify({ time: new Date().toISOString(), ...record });
}

function readArguments(argv: readonly string[], env: CommandIo['env']) {
  // Mercure writes its directives with underscores.
  const args = argv.map((arg) =>
    arg.startsWith('--') ? arg.replace(/^[^=]+/, (name) => name.replaceAll('_', '-')) : arg,
  );
  try {
    const { positionals, values } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
    const given: Given = {};
    for (const [name, { type }] of Object.entries(OPTIONS)) {
      const variable = env[`MERCURE_${name.replaceAll('-', '_').toUpperCase()}`];
      const value = String(values[name] ?? variable ?? '');
      const isOff = type === 'boolean' && /^(0|false|off|no)$/i.test(value);
      if (value && !isOff) given[name] = value;
    }
    return { command: positionals[0], given };
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\nSee react-signaling hub --help.`);
  }
}

function toHubOptions(given: Given, host: string): HubOptions {
  const openToAll = 'open-to-all' in given;
  const publisherJwt = toKey(given, 'publisher');
  if (openToAll && !isLoopback(host)) {
    throw new UsageError(
      `A hub that is open to all listens on loopback only, not on ${host}. Leave --host out, or leave --open-to-all out and give MERCURE_PUBLISHER_JWT_KEY.`,
    );
  }
  if (!openToAll && !publisherJwt) {
    throw new UsageError(
      'Nobody could publish. Give MERCURE_PUBLISHER_JWT_KEY, or --open-to-all while you develop on this machine.',
    );
  }
  return {
    openToAll,
    url: toUrl('url', given.url)?.href,
    publisherJwt,
    subscriberJwt: toKey(given, 'subscriber'),
    issuer: toList(given['trusted-issuers']),
    audience: given['resource-identifier'],
    cookieName: given['cookie-name'],
    anonymous: openToAll || 'anonymous' in given,
    corsOrigins: toList(given['cors-origins']),
    publishOrigins: toList(given['publish-origins']),
    subscriptions: 'subscriptions' in given,
    protocol: toProtocol(given.protocol),
    heartbeatInterval: toMilliseconds('heartbeat', given.heartbeat),
    writeTimeout: toMilliseconds('write-timeout', given['write-timeout']),
    maxBody: toBytes('max-request-body-size', given['max-request-body-size']),
    history: given.size === undefined ? undefined : toNumber('size', given.size),
  };
}

function toKey(given: Given, role: 'publisher' | 'subscriber'): JwtKey | undefined {
  const algorithm = given[`${role}-jwt-alg`];
  const url = toUrl(`${role}-jwks-url`, given[`${role}-jwks-url`]);
  if (url) return { key: url, algorithm };
  const key = given[`${role}-jwt-key`];
  // An environment file keeps a PEM on one line.
  return key ? { key: key.replaceAll('\\n', '\n'), algorithm } : undefined;
}

function toUrl(name: string, value: string | undefined): URL | undefined {
  if (value === undefined) return undefined;
  if (!URL.canParse(value)) throw new UsageError(`--${name} must be an absolute URL.`);
  return new URL(value);
}

function toList(value: string | undefined): string[] | undefined {
  return value?.split(/[\s,]+/).filter(Boolean);
}

function toProtocol(value: string | undefined): HubOptions['protocol'] {
  if (value === undefined || value === 'both' || value === '0.x' || value === '1.0') return value;
  throw new UsageError('--protocol must be 0.x, 1.0 or both.');
}

function toNumber(name: string, value: string): number {
  if (/^\d+$/.test(value)) return Number(value);
  throw new UsageError(`--${name} must be a whole number.`);
}

function toMilliseconds(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const [, amount, unit = 's'] = /^(\d+)(ms|s|m|h)?$/.exec(value) ?? [];
  if (!amount) throw new UsageError(`--${name} must be a duration such as 40s, 10m or 1h.`);
  return Number(amount) * { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit]!;
}

function toBytes(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const [, amount, unit = ''] = /^(\d+)(|[KM]i?)B?$/i.exec(value) ?? [];
  if (!amount) throw new UsageError(`--${name} must be a size such as 512KB or 1MiB.`);
  const step = unit.endsWith('i') ? 1024 : 1000;
  return Number(amount) * step ** ' KM'.indexOf(unit[0]?.toUpperCase() ?? ' ');
}

/** Who may do what, in one line. */
function describeAccess({ openToAll, anonymous, publisherJwt, subscriberJwt }: HubOptions): string {
  if (openToAll) return 'Everybody on this machine may publish and subscribe, without a token.';
  const isPublic = publisherJwt && !(typeof publisherJwt.key === 'string');
  const algorithm = publisherJwt?.algorithm ?? (isPublic ? 'RS256' : 'HS256');
  const subscribers = anonymous
    ? 'everybody may subscribe to what is public.'
    : subscriberJwt
      ? 'so does subscribing, with the subscriber key.'
      : 'nobody may subscribe (give --anonymous or MERCURE_SUBSCRIBER_JWT_KEY).';
  return `Publishing takes a token signed with the publisher key (${algorithm}); ${subscribers}`;
}

function liveQuery({ anonymous, protocol }: HubOptions): string | undefined {
  if (!anonymous) return undefined;
  return protocol === '1.0' ? 'match=*' : 'topic=*';
}

function withPage(hub: Hub, render: () => string): NodeHandler {
  const handleHub = toNodeHandler(hub);
  const notFound = (response: ServerResponse) => {
    response.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not Found\n');
  };
  return (request, response) =>
    handleHub(request, response, () => {
      if (request.method !== 'GET' || request.url !== '/') notFound(response);
      else response.writeHead(200, PAGE_HEADERS).end(render());
    });
}

function help(): string {
  const lines = Object.entries(OPTIONS).map(([name, { value = '', text }]) =>
    `  ${`--${name} ${value}`.padEnd(34)}${text}`.trimEnd(),
  );
  return [
    'Usage: react-signaling hub [options]',
    '',
    'Runs a Mercure hub: in memory, on a file, or as one of several on Redis.',
    '',
    ...lines,
    '',
    'Each option is also an environment variable, such as MERCURE_PUBLISHER_JWT_KEY.',
  ].join('\n');
}

function explain(error: unknown): string {
  const { code, message, port } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE') return `Port ${port} is taken. Give another one with --port.`;
  if (code === 'EACCES')
    return `Port ${port} is not allowed here. Give one above 1023 with --port.`;
  return message;
}
