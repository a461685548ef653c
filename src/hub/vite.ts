import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin, PreviewServer, ViteDevServer } from 'vite';
import { HUB_PATH } from '../mercure/index.js';
import type { Disruption } from './faults.js';
import { createHub, type Hub } from './Hub.js';
import { isLoopback } from './loopback.js';
import { toNodeHandler } from './node.js';
import type { HubOptions } from './options.js';

/** Options of {@link signaling}: those of the hub, and what a demonstration needs. */
export interface SignalingPluginOptions extends HubOptions {
  /**
   * Takes disruptions as JSON by `POST /.well-known/mercure/disruption`, so that a page can break
   * the hub and show what happens. Default: `false`.
   */
  disruptable?: boolean | undefined;
}

/** Where a page sends a {@link Disruption}. */
const DISRUPTION_PATH = `${HUB_PATH}/disruption`;

/**
 * Runs a hub inside Vite's own server, at `/.well-known/mercure`: in development and preview, and
 * so in Storybook and in Vitest's browser mode. Without keys it is open to everybody on this
 * machine, and to nobody else.
 *
 * ```ts
 * export default defineConfig({ plugins: [react(), signaling()] });
 * ```
 */
export function signaling({ disruptable, ...options }: SignalingPluginOptions = {}): Plugin {
  const openToAll = !options.publisherJwt && !options.subscriberJwt;
  const attach = (server: ViteDevServer | PreviewServer): void => {
    const hub = createHub({ openToAll, ...options });
    const { host } = 'waitForRequestsIdle' in server ? server.config.server : server.config.preview;
    if (hub.openToAll && isPublic(host)) {
      server.config.logger.warn(
        'react-signaling: others can reach this server, so its hub, which takes no tokens, answers this machine only. For the others give signaling({ publisherJwt, subscriberJwt }).',
      );
    }
    if (disruptable) server.middlewares.use(DISRUPTION_PATH, takeDisruptions(hub));
    server.middlewares.use(toNodeHandler(hub));
    server.httpServer?.once('close', () => hub.close());
  };
  return { name: 'react-signaling', configureServer: attach, configurePreviewServer: attach };
}

function isPublic(host: string | boolean | undefined): boolean {
  return host === true || (typeof host === 'string' && !isLoopback(host));
}

function takeDisruptions(hub: Hub) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    // A page of elsewhere can send a form unasked, but not JSON.
    const isJson = request.headers['content-type'] === 'application/json';
    if (isJson && isLoopback(request.socket.remoteAddress)) void disrupt(hub, request, response);
    else response.writeHead(403).end();
  };
}

async function disrupt(hub: Hub, request: IncomingMessage, response: ServerResponse) {
  try {
    const body: Buffer[] = await request.toArray();
    hub.disrupt(JSON.parse(Buffer.concat(body).toString()) as Disruption);
    response.writeHead(204).end();
  } catch {
    response.writeHead(400).end();
  }
}
