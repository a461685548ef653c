import { fileStorage } from './fileStorage.js';
import type { RedisCommand } from './redisCommand.js';
import { redisStorage } from './redisStorage.js';
import type { Storage } from './Storage.js';

/** How long Redis may leave a command unanswered, in ms, until its connection is replaced. */
const ANSWER_LIMIT = 5_000;

/** How many updates a storage keeps. */
interface Size {
  size?: number | undefined;
}

/**
 * Opens the storage that a text names: `file:PATH`, or `redis://HOST:PORT` with, where needed,
 * `?stream=NAME&wait=REPLICAS`.
 *
 * @throws a `TypeError` where it names none. Rejects where Redis or its client cannot be had.
 */
export async function openStorage(name: string, { size }: Size = {}): Promise<Storage> {
  const [, path] = /^file:(.+)$/.exec(name) ?? [];
  if (path) return fileStorage(path, { size });
  if (!/^rediss?:\/\/./.test(name) || !URL.canParse(name)) {
    throw new TypeError('The storage must be file:PATH or redis://HOST:PORT.');
  }
  const url = new URL(name);
  const stream = url.searchParams.get('stream') ?? undefined;
  const wait = Number(url.searchParams.get('wait') ?? 0);
  if (!Number.isInteger(wait) || wait < 0) {
    throw new TypeError('The `wait` of a storage must be a number of replicas.');
  }
  url.search = '';
  return openRedis(url.href, { stream, wait, size });
}

async function openRedis(
  url: string,
  options: { stream: string | undefined; wait: number } & Size,
): Promise<Storage> {
  const [command, blocking] = await Promise.all([connect(url), connect(url)]);
  const storage = redisStorage({ command: command.send, blocking: blocking.send }, options);
  const close = storage.close.bind(storage);
  storage.close = async () => {
    await close();
    for (const connection of [command, blocking]) connection.close();
  };
  return storage;
}

/**
 * Connects to Redis, and again whenever the connection breaks or Redis does not answer: nobody tells a
 * client that the network has gone. Meanwhile commands fail at once.
 */
async function connect(url: string): Promise<{ send: RedisCommand; close(): void }> {
  const { createClient } = await import('@redis/client').catch((cause) => {
    throw new TypeError('Redis needs its client: npm install @redis/client', { cause });
  });
  let wasConnected = false;
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: {
      socketTimeout: 2 * ANSWER_LIMIT,
      reconnectStrategy: (tries) => wasConnected && Math.min(2_000, 50 * 2 ** tries),
    },
  });
  client.on('error', () => {});
  await client.connect();
  wasConnected = true;
  const reconnect = () => {
    client.destroy();
    client.connect().catch(() => {});
  };
  return {
    async send(...args) {
      const timeout = setTimeout(reconnect, ANSWER_LIMIT);
      try {
        return await client.sendCommand(args);
      } finally {
        clearTimeout(timeout);
      }
    },
    close: () => client.destroy(),
  };
}
