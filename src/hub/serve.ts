import { HUB_PATH } from '../mercure/index.js';
import type { Hub } from './Hub.js';
import { listen } from './listen.js';
import type { NodeHandler } from './node.js';

/** The longest request line and headers, in bytes: a thousand topics fit. */
const MAX_HEADER_SIZE = 64 * 1024;

/** A hub that is reached over HTTP. */
export interface RunningHub {
  /** Where subscribers and publishers go. */
  readonly url: string;
  /** The hub itself. */
  readonly hub: Hub;
  /** Ends all streams, spread over `within` ms (default: at once), and frees the port. */
  close(options?: {
    /** In ms. Default: 0. */
    within?: number;
  }): Promise<void>;
}

/**
 * Serves `hub` through `handler`.
 *
 * @throws Node's error where it cannot listen, such as `EADDRINUSE`.
 */
export async function serve(
  hub: Hub,
  handler: NodeHandler,
  at: { host: string; port: number },
): Promise<RunningHub> {
  const options = { maxHeaderSize: MAX_HEADER_SIZE, requestTimeout: 60_000 };
  // Asked for here: what imports this file runs in pages, too.
  const { createServer } = process.getBuiltinModule('node:http');
  const server = createServer(options, (request, response) => handler(request, response));
  const { origin, close } = await listen(server, at);
  return {
    url: origin + HUB_PATH,
    hub,
    async close(options) {
      await hub.close(options);
      await close();
    },
  };
}
