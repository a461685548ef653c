import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createSecureServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { toNodeHandler, type Hub, type NodeHandler } from '../../src/hub/index.js';
import { HUB_PATH } from '../../src/mercure/index.js';

/** Serves a hub over HTTP/2 alone, with a certificate nobody trusts. */
export async function serveOverHttp2(hub: Hub, streams: number) {
  // A key for tests alone, made by `openssl req -x509 -newkey ec -nodes`.
  const pem = await readFile('test/servers/localhost.pem');
  const settings = { maxConcurrentStreams: streams };
  const server = createSecureServer({ key: pem, cert: pem, settings });
  const handle = toNodeHandler(hub) as (...args: unknown[]) => void satisfies NodeHandler;
  server.on('request', (request, response) => handle(request, response));
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => sessions.add(session));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}${HUB_PATH}`,
    sessions,
    async close() {
      for (const session of sessions) session.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
