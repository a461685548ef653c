import { createHub, toNodeHandler, type HubOptions } from '../hub/index.js';
import { serve, type RunningHub } from '../hub/serve.js';

/** Options of {@link startHub}: those of a hub, and its port. */
export interface StartHubOptions extends HubOptions {
  /** Default: any that is free. */
  port?: number | undefined;
}

/**
 * Starts a hub on loopback, over real HTTP, for tests in Node. It is open to all unless it is given
 * a key.
 *
 * ```ts
 * const { url, hub, close } = await startHub();
 * ```
 */
export async function startHub({
  port = 0,
  ...options
}: StartHubOptions = {}): Promise<RunningHub> {
  const hub = createHub({ openToAll: !options.publisherJwt && !options.subscriberJwt, ...options });
  return serve(hub, toNodeHandler(hub), { host: '127.0.0.1', port });
}
