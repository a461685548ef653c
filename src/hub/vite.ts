import type { Plugin, PreviewServer, ViteDevServer } from 'vite';
import { createHub } from './EmbeddedHub.js';
import { isLoopback } from './loopback.js';
import { toNodeHandler } from './node.js';
import type { HubOptions } from './options.js';
import { openStorage } from './storage/openStorage.js';
import type { Storage } from './storage/Storage.js';

/** Options of {@link signaling}: those of a hub. */
export interface SignalingOptions extends Omit<HubOptions, 'storage'> {
  /** Where updates are kept: `file:PATH`, `redis://HOST:PORT`, or a storage. Default: in memory. */
  storage?: Storage | string | undefined;
}

/**
 * Runs a hub inside Vite's own server, at `/.well-known/mercure`: in development and preview, and
 * so in Storybook and in Vitest's browser mode. Without keys it is open to everybody on this
 * machine, and to nobody else.
 *
 * ```ts
 * export default defineConfig({ plugins: [react(), signaling()] });
 * ```
 */
export function signaling({ storage, ...options }: SignalingOptions = {}): Plugin {
  const openToAll = !options.publisherJwt && !options.subscriberJwt;
  const attach = async (server: ViteDevServer | PreviewServer): Promise<void> => {
    const hub = createHub({
      openToAll,
      ...options,
      storage: typeof storage === 'string' ? await openStorage(storage) : storage,
    });
    hub.ready.catch((error: Error) =>
      server.config.logger.error(`react-signaling: ${error.message}`),
    );
    const { host } = 'waitForRequestsIdle' in server ? server.config.server : server.config.preview;
    if (hub.openToAll && isPublic(host)) {
      server.config.logger.warn(
        'react-signaling: others can reach this server, so its hub, which takes no tokens, answers this machine only. For the others give signaling({ publisherJwt, subscriberJwt }).',
      );
    }
    // Before Vite's own answers to other origins, which know nothing of this hub's.
    server.middlewares.stack.unshift({ route: '', handle: toNodeHandler(hub) });
    server.httpServer?.once('close', () => void hub.close());
  };
  return { name: 'react-signaling', configureServer: attach, configurePreviewServer: attach };
}

function isPublic(host: string | boolean | undefined): boolean {
  return host === true || (typeof host === 'string' && !isLoopback(host));
}
