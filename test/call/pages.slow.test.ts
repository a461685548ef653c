// @vitest-environment node
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { allConnected, CallRig, waitFor } from './pages/CallRig.js';
import { rows } from './pages/rows.js';

// Real pages, a real hub and real faults, shorter than in `npm run bench:call`.

describe('a room of pages', () => {
  let rig: CallRig;

  beforeAll(async () => {
    rig = await CallRig.open();
  }, 60_000);

  afterEach(() => rig.closePages());
  afterAll(() => rig?.close());

  it('connects all who enter at once, with few POSTs', { timeout: 90_000 }, async () => {
    const pages = await rig.prepareAll(4, { height: 0 });
    const before = rig.posts;
    await Promise.all(pages.map((page) => page.join()));
    expect(await waitFor(() => allConnected(pages))).toBeDefined();
    // An offer and an answer for each of six pairs, and two hellos of each page at most.
    expect(rig.posts - before).toBeLessThanOrEqual(6 * 2 + 4 * 2 + 2);
  });

  for (const { name, run, lacks, quick } of rows(0.1)) {
    if (!quick) continue;
    const reason = lacks ? ` (not run: no ${lacks} on this machine)` : '';
    it.skipIf(lacks)(`is whole again: ${name}${reason}`, { timeout: 120_000 }, async () => {
      expect(await run(rig)).toBeDefined();
    });
  }
});
