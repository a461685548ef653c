// @vitest-environment node
import { describe, expect, it, onTestFinished } from 'vitest';
import { SseDriver } from '../../src/driver/index.js';
import { describePast } from '../driver/past.js';
import { connect, listen, logReports } from '../driver/rig.js';
import { mercure } from '../servers/TestHub.js';

const { MERCURE_BIN_0, MERCURE_BIN_1 } = process.env;

const hubs = [
  { name: 'Mercure 0.24', version: '0.x', binary: MERCURE_BIN_0 },
  { name: 'Mercure 1.0', version: '1.0', binary: MERCURE_BIN_1 },
] as const;

/** Mercure ends a stream whose reader has not taken 1,000 updates. */
const MANY = 3_500;

for (const { name, version, binary } of hubs) {
  describe.runIf(binary)(name, () => {
    describePast(name, async () => {
      const hub = await mercure(version, binary!)();
      const headers = await hub.authorize();
      return {
        connect: () => new SseDriver({ url: hub.url, publisher: { headers } }),
        close: hub.close,
      };
    });

    it('gives back a long past in several streams', async () => {
      const hub = await mercure(version, binary!)();
      onTestFinished(hub.close);
      const headers = await hub.authorize();
      const texts = Array.from({ length: MANY }, (_, index) => String(index));
      for (const data of texts) {
        const body = new URLSearchParams({ topic: 'room', data });
        expect((await fetch(hub.url, { method: 'POST', headers, body })).ok).toBe(true);
      }
      const driver = connect({ url: hub.url });
      const reports = logReports(driver);
      const pasts: boolean[] = [];
      await driver.subscribe('room', (_, { past }) => pasts.push(past), { since: 'earliest' });
      expect(pasts.length).toBe(MANY);
      expect(pasts.every(Boolean)).toBe(true);
      expect(await listen(driver, 'room', { since: 'earliest' })).toEqual(texts);
      expect(reports).toEqual({ gaps: [], errors: [] });
    }, 60_000);
  });
}
