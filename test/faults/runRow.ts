import { expect, it, vi } from 'vitest';
import type { SseDriverOptions } from '../../src/driver/index.js';
import { FaultProxy } from '../servers/faultProxy.js';
import type { OpenHub, TestHub, TestHubOptions } from '../servers/TestHub.js';
import { rushClock } from './clock.js';
import { Trial, until } from './Trial.js';

/** One kind of fault, and what may be seen of it. */
export interface Row {
  name: string;
  options?: SseDriverOptions | ((hub: TestHub) => SseDriverOptions);
  hub?: TestHubOptions;
  /** How many times as fast time goes by. Default: 1. */
  clock?: number | ((hub: TestHub) => number);
  /** What is broken before anybody listens. */
  before?: (trial: Trial) => void;
  /** What breaks while signals flow. It must be over when this resolves. */
  during: (trial: Trial) => Promise<void>;
  /** Says what else must be true in the end. Default: no gap was told, and no error. */
  after?: (trial: Trial, verdict: { lost: string[] }) => void;
}

/** What decides the details of each fault; the same one brings the same decisions. */
export const SEED = Number(process.env.FAULT_SEED ?? Math.floor(Math.random() * 1e6));

/** A test for each row, on one kind of hub. */
export function itSurvives(rows: readonly Row[], openHub: OpenHub): void {
  for (const row of rows) it(row.name, () => runRow(row, openHub), 120_000);
}

async function runRow(row: Row, openHub: OpenHub): Promise<void> {
  const hub = await openHub(row.hub);
  const proxy = await FaultProxy.start(hub.url, SEED);
  const restoreClock = rushClock(resolve(row.clock, hub) ?? 1);
  const timersBefore = timers();
  const trial = new Trial(hub, proxy, await hub.authorize(), resolve(row.options, hub) ?? {});
  try {
    row.before?.(trial);
    await trial.listen();
    trial.start();
    await row.during(trial);
    const verdict = await trial.settle();
    const { lost, ...rest } = verdict;
    expect(rest).toEqual({ doubled: [], disordered: [], rejected: [] });
    if (row.after) row.after(trial, verdict);
    else expectNothingLost(trial, lost);
    expectTruth(trial);
    trial.destroy();
    await expectNothingLeft(proxy, timersBefore);
  } finally {
    trial.destroy();
    restoreClock();
    await proxy.close();
    await hub.close();
  }
}

function resolve<Value>(value: Value | ((hub: TestHub) => Value), hub: TestHub): Value {
  return value instanceof Function ? value(hub) : value;
}

/** A hub whose gaps can be the truth may lose what a gap has reported, and nothing else. */
function expectNothingLost({ hub, gaps, errors }: Trial, lost: readonly string[]): void {
  const reported = hub.hasTrueGaps ? gaps.flatMap(({ topics }) => topics) : [];
  const silent = lost.filter((name) => !reported.some((topic) => name.startsWith(`${topic} `)));
  const falseGaps = hub.hasTrueGaps ? [] : gaps;
  expect({ silent, falseGaps, errors }).toEqual({ silent: [], falseGaps: [], errors: [] });
}

/** What the receiver said of its connection must have fitted together at every moment. */
function expectTruth({ receiver, sender, connections }: Trial): void {
  const well = { status: 'open', error: undefined, attempt: 0, retryAt: undefined, queued: 0 };
  expect(receiver.connection).toEqual(well);
  expect(sender.connection.queued).toBe(0);
  for (const connection of connections) {
    const { status, error, attempt, retryAt } = connection;
    if (status === 'reconnecting') expect(attempt, JSON.stringify(connection)).toBeGreaterThan(0);
    if (status === 'open') expect({ error, retryAt }).toEqual({});
  }
}

/**
 * Neither a request nor a timer is left once the drivers are destroyed. (A connection without a
 * request is of the pool of `fetch`, which lets it go after some seconds.)
 */
async function expectNothingLeft(proxy: FaultProxy, timersBefore: number): Promise<void> {
  const left = () => ({ requests: proxy.inFlight, timers: timers() - timersBefore });
  const isClean = () => left().requests === 0 && left().timers <= 0;
  await until(isClean, 'sockets and timers to go').catch(() =>
    expect(left()).toEqual({ requests: 0, timers: 0 }),
  );
}

/** How many timers keep this process busy. */
function timers(): number {
  const faked = vi.isFakeTimers() ? vi.getTimerCount() : 0;
  return faked + process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}
