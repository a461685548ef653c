import { describe, it } from 'vitest';
import type { OpenHub } from '../servers/TestHub.js';
import { restartUnderHerd } from './herd.js';
import { rows } from './rows.js';
import { itSurvives, SEED } from './runRow.js';

/** Everything that may happen between a driver and one kind of hub; `undefined`: none is there. */
export function describeFaults(name: string, openHub: OpenHub | undefined): void {
  describe.runIf(openHub)(`faults on ${name} (FAULT_SEED=${SEED})`, () => {
    itSurvives(rows, openHub!);
    it('500 drivers when the hub restarts', () => restartUnderHerd(openHub!), 120_000);
  });
}
