import { TabsDriver } from '../../src/driver/index.js';
import { describeDriver } from '../driver/suite.js';

// Two drivers in one page are two tabs: they share its locks and channels, and nothing else.
describeDriver(
  'TabsDriver',
  async () => {
    const identity = crypto.randomUUID();
    return { connect: () => new TabsDriver({ identity }), close() {} };
  },
  { keepsIds: true, longest: 700_000 },
);
