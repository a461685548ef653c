// @vitest-environment node
import { describe, it } from 'vitest';
import { describeHerd } from '../faults/herd.js';
import { rows } from '../faults/rows.js';
import { describeFaults } from '../faults/runRow.js';
import { mercure } from '../servers/TestHub.js';

const { MERCURE_BIN_0, MERCURE_BIN_1 } = process.env;

describeFaults('Mercure 0.24', mercure('0.x', MERCURE_BIN_0!), rows);
describeHerd('Mercure 0.24', mercure('0.x', MERCURE_BIN_0!));

if (MERCURE_BIN_1) {
  describeFaults('Mercure 1.0', mercure('1.0', MERCURE_BIN_1), rows);
  describeHerd('Mercure 1.0', mercure('1.0', MERCURE_BIN_1));
} else {
  describe('faults on Mercure 1.0', () => {
    it.skip('not run: MERCURE_BIN_1 names no program of it', () => {});
  });
}
