// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { FaultProxy } from '../servers/faultProxy.js';
import { mercure } from '../servers/TestHub.js';
import { TOPICS, Trial } from '../faults/Trial.js';

const { MERCURE_BIN_0 } = process.env;

/** More than Mercure 0.24 searches for a cursor. */
const UPDATES = 15_000;
const AT_ONCE = 20;

describe.runIf(MERCURE_BIN_0)('a history that Mercure 0.24 cannot search', () => {
  it('gives nothing back: that is told, nothing comes twice, and the order is kept', async () => {
    const hub = await mercure('0.x', MERCURE_BIN_0!)({ historySize: 0 });
    const proxy = await FaultProxy.start(hub.url);
    const headers = await hub.authorize();
    const trial = new Trial(hub, proxy, headers, {});
    try {
      await fill(hub.url, headers);
      await trial.listen();
      trial.start();
      await trial.hears(30);
      await trial.stop();
      // Twice: the second time nothing was heard since the hub did not find what it was asked for.
      await trial.breaks((stream) => stream.reset());
      await trial.breaks((stream) => stream.reset());
      trial.start();
      await trial.hears(30);
      const { doubled, disordered } = await trial.settle();
      expect({ doubled: doubled.length, disordered }).toEqual({ doubled: 0, disordered: [] });
      expect(new Set(trial.gaps.flatMap(({ topics }) => topics))).toEqual(new Set(TOPICS));
    } finally {
      trial.destroy();
      await proxy.close();
      await hub.close();
    }
  }, 180_000);
});

async function fill(url: string, headers: Record<string, string>): Promise<void> {
  let left = UPDATES;
  const publish = async (): Promise<void> => {
    while (left-- > 0) {
      const body = new URLSearchParams({ topic: TOPICS[left % TOPICS.length]!, data: '' });
      const { ok } = await fetch(url, { method: 'POST', headers, body });
      expect(ok).toBe(true);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, publish));
}
