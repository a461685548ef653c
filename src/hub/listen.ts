import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How long connections may take to end once nothing more is served, in ms. */
const GRACE = 1000;

/** A server that listens. */
export interface Listening {
  /** Its origin. */
  readonly origin: string;
  /** Frees the port, and ends what is still open after a moment. */
  close(): Promise<void>;
}

/**
 * Lets a server listen.
 *
 * @throws Node's error where it cannot, such as `EADDRINUSE`.
 */
export async function listen(
  server: Server,
  { host, port }: { host: string; port: number },
): Promise<Listening> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    origin: `http://${name}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        // Connections that are kept alive would keep the server open.
        const idle = setInterval(() => server.closeIdleConnections(), 10);
        const grace = setTimeout(() => server.closeAllConnections(), GRACE);
        server.close(() => {
          clearInterval(idle);
          clearTimeout(grace);
          resolve();
        });
      }),
  };
}
