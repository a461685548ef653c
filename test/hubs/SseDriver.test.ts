// @vitest-environment node
import { describe } from 'vitest';
import { SseDriver } from '../../src/driver/index.js';
import { describeDriver } from '../driver/suite.js';
import { mercure } from '../servers/TestHub.js';

const { MERCURE_BIN_0, MERCURE_BIN_1 } = process.env;

const hubs = [
  { name: 'Mercure 0.24', version: '0.x', binary: MERCURE_BIN_0 },
  { name: 'Mercure 1.0', version: '1.0', binary: MERCURE_BIN_1 },
] as const;

for (const { name, version, binary } of hubs) {
  describe.runIf(binary)(name, () => {
    describeDriver(
      'SseDriver',
      async () => {
        const hub = await mercure(version, binary!)();
        const headers = await hub.authorize();
        return {
          connect: () => new SseDriver({ url: hub.url, publisher: { headers } }),
          close: hub.close,
        };
      },
      { keepsIds: true, longest: 700_000 },
    );
  });
}
