// @vitest-environment node
import { TabsDriver } from '../../src/driver/index.js';
import { startHub } from '../../src/testing/index.js';
import { describeDriver } from '../driver/suite.js';

// Node 20 has no Web Locks.
describeDriver(
  'TabsDriver where it cannot share',
  async () => {
    const { url, close } = await startHub();
    return { connect: () => new TabsDriver({ url }), close };
  },
  { keepsIds: true, longest: 700_000 },
);
