// @vitest-environment node
import { describeFaults } from '../faults/runRow.js';
import { mercure } from '../servers/TestHub.js';

describeFaults('Mercure 0.24', mercure('0.x', process.env.MERCURE_BIN_0!));
