import type { Server } from 'node:net';

/** How long a process that is ending may keep its lock, in ms: others wait for it. */
const PATIENCE = 3_000;

/** The longest name of a socket that every system takes, in bytes. */
const MAX_ADDRESS = 100;

/**
 * Takes the lock of a file: a socket beside it, which lives no longer than its process. So a crash
 * leaves no lock that anybody has to remove.
 *
 * @returns a function that releases it. Rejects where another process has it.
 */
export async function lockFile(path: string): Promise<() => Promise<void>> {
  const address = addressOf(path);
  for (const deadline = Date.now() + PATIENCE; ;) {
    const server = await listen(address);
    if (server === 'unsupported') return async () => {};
    if (server) return () => new Promise((resolve) => void server.close(() => resolve()));
    if (!(await answers(address))) {
      const { rm } = process.getBuiltinModule('node:fs/promises');
      await rm(address, { force: true });
    } else if (Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    } else {
      throw new Error(
        `Another process keeps its updates in ${path}. Stop it, or give this hub a file of its own.`,
      );
    }
  }
}

function addressOf(path: string): string {
  const { resolve, relative } = process.getBuiltinModule('node:path');
  if (process.platform === 'win32') return `\\\\.\\pipe\\${resolve(path).replaceAll('\\', '/')}`;
  const names = [resolve(path), relative(process.cwd(), path)].map((name) => `${name}.lock`);
  const [shortest] = names.sort((a, b) => a.length - b.length);
  if (Buffer.byteLength(shortest!) <= MAX_ADDRESS) return shortest!;
  throw new Error(
    `The path ${path} is too long to be locked. Start the hub in that folder, or give a shorter one.`,
  );
}

/**
 * `undefined` where there is such a socket already. Some file systems have no sockets, such as
 * folders that a virtual machine shares: nothing guards a file there.
 */
async function listen(address: string): Promise<Server | 'unsupported' | undefined> {
  const { createServer } = process.getBuiltinModule('node:net');
  const server = createServer((socket) => socket.destroy());
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(address, resolve);
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') return undefined;
    if (code === 'ENOTSUP' || code === 'EPERM') return 'unsupported';
    throw error;
  }
  return server.unref();
}

/** Whether a process listens there; what a crash has left does not. */
async function answers(address: string): Promise<boolean> {
  const { connect } = process.getBuiltinModule('node:net');
  const socket = connect(address);
  try {
    return await new Promise((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
  } finally {
    socket.destroy();
  }
}
