// @vitest-environment node
import { describePresence } from '../presence/suite.js';
import { mercure } from '../servers/TestHub.js';

const { MERCURE_BIN_0, MERCURE_BIN_1 } = process.env;

if (MERCURE_BIN_0) describePresence('Mercure 0.24', mercure('0.x', MERCURE_BIN_0));
if (MERCURE_BIN_1) describePresence('Mercure 1.0', mercure('1.0', MERCURE_BIN_1));
