// @vitest-environment node
import { SseDriver } from '../../src/driver/index.js';
import { describeDriver } from '../driver/suite.js';
import { DEMO_TOKEN, startMercure } from '../servers/mercure.js';

const binary = process.env.MERCURE_BIN_0!;

describeDriver(
  'SseDriver on Mercure 0.24',
  async () => {
    const hub = await startMercure({ binary });
    const headers = { Authorization: `Bearer ${DEMO_TOKEN}` };
    return {
      connect: () => new SseDriver({ url: hub.url, publisher: { headers } }),
      close: hub.close,
    };
  },
  { keepsIds: true, longest: 700_000 },
);
