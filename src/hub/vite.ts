import type { Plugin, PreviewServer, ViteDevServer } from 'vite';
import { createHub } from './Hub.js';
import { isLoopback } from './loopback.js';
import { toNodeHandler } from './node.js';
import type { HubOptions } from './options.js';

/**
 * Runs a hub inside Vite's own server, at `/.well-known/mercure`: in development and preview, and
 * so in Storybook and in Vitest's browser mode. Without keys it is open to everybody on this
 * machine, and to nobody else.
 *
 * ```ts
 * export default defineConfig({ plugins: [react(), signaling()] });
 * ```
 */
export function signaling(options: HubOptions = {}): Plugin {
  const openToAll = !options.publisherJwt && !options.subscriberJwt;
  const attach = (server: ViteDevServer | PreviewServer): void => {
    const hub = createHub({ openToAll, ...options });
    const { host } = 'waitForRequestsIdle' in server ? server.config.server : server.config.preview;
    if (hub.openToAll && isPublic(host)) {
      server.config.logger.warn(
        'react-signaling: others can reach this server, so its hub, which takes no tokens, answers this machine only. For the others give signaling({ publisherJwt, subscriberJwt }).',
      );
    }
    server.middlewares.use(toNodeHandler(hub));
    server.httpServer?.once('close', () => hub.close());
  };
  return { name: 'react-signaling', configureServer: attach, configurePreviewServer: attach };
}

function isPublic(host: string | boolean | undefined): boolean {
  return host === true || (typeof host === 'string' && !isLoopback(host));
}
