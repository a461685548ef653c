// @vitest-environment node
import { describe, expect, it, onTestFinished } from 'vitest';
import { HUB_PATH } from '../../src/mercure/index.js';
import { freePort } from '../servers/ports.js';
import {
  caddy,
  nginx,
  startComposedCaddy,
  startDocumentedCaddy,
  startDocumentedNginx,
} from '../servers/proxies.js';
import { DEMO_KEY, DEMO_TOKEN, publish, subscribe, until } from './client.js';
import { hubFor } from './hubs.js';

/** In front of two hubs, of which one does not run. */
const PROXIES = {
  nginx: startDocumentedNginx,
  Caddy: startDocumentedCaddy,
  'the Caddy of compose.yaml': startComposedCaddy,
};

describe.each(Object.entries(PROXIES))('behind %s', (name, start) => {
  it.skipIf(name === 'nginx' ? !nginx : !caddy)('streams reach readers as they are', async () => {
    const { url: direct, hub } = await hubFor({
      publisherJwt: { key: DEMO_KEY },
      anonymous: true,
      heartbeatInterval: 200,
    });
    const port = await freePort();
    const proxy = await start(port, [Number(new URL(direct).port), await freePort()]);
    onTestFinished(() => proxy.close());
    const url = `http://127.0.0.1:${port}${HUB_PATH}`;
    const headers = { 'Accept-Encoding': 'gzip, br' };
    const streams = await Promise.all(
      Array.from({ length: 8 }, () => subscribe(url, { topic: 'a' }, { headers })),
    );
    for (const stream of streams) {
      expect(stream.response.headers.get('Content-Type')).toBe('text/event-stream');
      expect(stream.response.headers.has('Content-Encoding')).toBe(false);
      await until(() => expect(stream.comments).toBeGreaterThan(2), { timeout: 20_000 });
    }
    for (let count = 0; count < 8; count++) {
      const answer = await publish(url, { topic: 'a', data: String(count) }, DEMO_TOKEN);
      expect(answer.status).toBe(200);
      for (const stream of streams) {
        await until(() => expect(stream.data).toHaveLength(count + 1), { timeout: 20_000 });
      }
    }
    for (const stream of streams) stream.close();
    await until(() => expect(hub.subscribers).toBe(0), { timeout: 20_000 });
  });
});
