import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HUB_PATH } from '../mercure/index.js';
import type { Hub } from './Hub.js';
import type { NodeHandler } from './node.js';

/** How long streams may take to end, in ms. */
const GRACE = 1000;

/** A hub that is reached over HTTP. */
export interface RunningHub {
  /** Where subscribers and publishers go. */
  readonly url: string;
  readonly hub: Hub;
  /** Ends all streams and frees the port. */
  close(): Promise<void>;
}

/**
 * Serves `hub` through `handler`.
 *
 * @throws Node's error where it cannot listen, such as `EADDRINUSE`.
 */
export async function serve(
  hub: Hub,
  handler: NodeHandler,
  { host, port }: { host: string; port: number },
): Promise<RunningHub> {
  const server = createServer((request, response) => handler(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${name}:${(server.address() as AddressInfo).port}${HUB_PATH}`,
    hub,
    close: () =>
      new Promise((resolve) => {
        hub.close();
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
