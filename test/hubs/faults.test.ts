// @vitest-environment node
import { describeFaults } from '../faults/suite.js';
import { mercure } from '../servers/TestHub.js';

const { MERCURE_BIN_0, MERCURE_BIN_1 } = process.env;

describeFaults('Mercure 0.24', MERCURE_BIN_0 ? mercure('0.x', MERCURE_BIN_0) : undefined);
describeFaults('Mercure 1.0', MERCURE_BIN_1 ? mercure('1.0', MERCURE_BIN_1) : undefined);
