// @vitest-environment jsdom
import { describeSubscribers } from '../react/subscribers.js';
import { mercure } from '../servers/TestHub.js';

const { MERCURE_BIN_0, MERCURE_BIN_1 } = process.env;

if (MERCURE_BIN_0) describeSubscribers('Mercure 0.24', '0.x', mercure('0.x', MERCURE_BIN_0));
if (MERCURE_BIN_1) describeSubscribers('Mercure 1.0', '1.0', mercure('1.0', MERCURE_BIN_1));
