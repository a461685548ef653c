// @vitest-environment node
import { MemoryDriver, MemoryHub } from '../../src/driver/index.js';
import { describeDriver } from './suite.js';

describeDriver(
  'MemoryDriver',
  async () => {
    const hub = new MemoryHub();
    return { connect: () => new MemoryDriver(hub), close() {} };
  },
  { keepsIds: true, longest: 700_000 },
);
