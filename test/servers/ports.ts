import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * Waits until somebody listens on a port.
 *
 * @param whyNot Says why nobody ever will; `undefined` while it may still be.
 */
export async function untilOpen(
  port: number,
  whyNot: () => string | undefined = () => undefined,
): Promise<void> {
  for (let tries = 0; tries < 1_000; tries++) {
    const reason = whyNot();
    if (reason !== undefined) throw new Error(reason);
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await setTimeout(20);
  }
  throw new Error(`Nobody listens on port ${port}.`);
}
