import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { CURSOR_HEADERS, CURSOR_PARAMETERS } from '../../src/mercure/index.js';
import type { Fault } from '../servers/faultProxy.js';
import type { Row } from './runRow.js';
import { TOPICS, until, type Trial } from './Trial.js';

const unavailable: Fault = { kind: 'answer', status: 503 };
/** In base64; some hubs take no more. */
const MEGABYTE = 700_000;
const isPublish = ({ method }: { method?: string }) => method === 'POST';

/** Breaks streams and lets nobody back until `work` is done. */
async function outage(trial: Trial, work: () => Promise<void>, fault = unavailable): Promise<void> {
  const { proxy } = trial;
  proxy.decide = (request) => (isPublish(request) ? undefined : fault);
  for (const stream of proxy.streams) stream.reset();
  await trial.becomes('reconnecting');
  await work();
  proxy.decide = () => undefined;
  await trial.becomes('open');
}

/** Refuses the next `times` subscriptions. */
function refuseSubscriptions({ proxy }: Trial, times: number, fault = unavailable): void {
  let left = times;
  proxy.decide = (request) => (!isPublish(request) && left-- > 0 ? fault : undefined);
}

function resetOne({ proxy }: Trial): void {
  const [stream] = proxy.streams;
  stream!.reset();
}

/** Every gap there was, as one: each topic is named once. */
function expectOneGap({ gaps }: Trial): void {
  expect(gaps.flatMap(({ topics }) => topics).sort()).toEqual([...TOPICS].sort());
}

/** Does the same to publishes that come once, so that the second attempt gets through. */
function onFirstAttempts(trial: Trial, share: number, fault: () => Fault): void {
  const { proxy } = trial;
  let spared = false;
  proxy.decide = (request) => {
    if (!isPublish(request)) return undefined;
    spared = !spared && proxy.random.fraction() < share;
    return spared ? fault() : undefined;
  };
}

/** Whoever connects shows a stale token first. */
function freshToken(): Row {
  let stale = true;
  return {
    name: '401, then a fresh token',
    options: (hub) => ({
      subscriber: async () => {
        const headers = stale ? { Authorization: 'Bearer stale' } : await hub.authorize();
        stale = false;
        return { headers };
      },
    }),
    during: async (trial) => {
      await trial.hears(9);
      stale = true;
      await trial.breaks((stream) => stream.reset());
      expect(stale).toBe(false);
    },
  };
}

/** The faults that pass: everything is there in the end, once and in order. */
export const rows: Row[] = [
  {
    name: 'reset in the middle of traffic, again and again',
    during: async (trial) => {
      for (let round = 0; round < 12; round++) {
        await trial.hears(9);
        await trial.breaks((stream) => stream.reset());
      }
    },
  },
  {
    name: 'clean end, also in the middle of an update',
    during: async (trial) => {
      for (let round = 0; round < 12; round++) {
        await trial.hears(9);
        await trial.breaks((stream) => (round % 3 === 0 ? stream.end() : stream.endWithinUpdate()));
      }
    },
  },
  {
    name: 'frozen socket, found by the watchdog',
    clock: 5,
    options: { heartbeatTimeout: 5_000 },
    during: async (trial) => {
      for (let round = 0; round < 2; round++) {
        await trial.hears(9);
        await trial.breaks((stream) => stream.freeze());
      }
    },
  },
  {
    name: '503 at first connect',
    before: (trial) => refuseSubscriptions(trial, 1),
    during: (trial) => trial.hears(30),
    after: ({ connections }) => {
      const refused = connections.find(({ error }) => error?.status === 503);
      expect(refused).toMatchObject({ status: 'reconnecting', attempt: 1 });
    },
  },
  {
    name: '503 on reconnect',
    during: async (trial) => {
      await trial.hears(9);
      refuseSubscriptions(trial, 1);
      await trial.breaks((stream) => stream.reset());
    },
  },
  {
    name: '503 five in a row',
    during: async (trial) => {
      await trial.hears(9);
      refuseSubscriptions(trial, 5);
      resetOne(trial);
      await trial.becomes('reconnecting');
      await trial.becomes('open');
    },
    after: ({ connections }) => {
      expect(Math.max(...connections.map(({ attempt }) => attempt))).toBe(6);
    },
  },
  {
    name: '429 with Retry-After',
    during: async (trial) => {
      await trial.hears(9);
      const refused: Fault = { kind: 'answer', status: 429, headers: { 'Retry-After': '1' } };
      refuseSubscriptions(trial, 1, refused);
      resetOne(trial);
      await until(() => trial.receiver.connection.error?.status === 429, 'the 429');
      const { retryAt } = trial.receiver.connection;
      expect(retryAt! - Date.now()).toBeGreaterThan(800);
      await trial.becomes('open');
      expect(
        trial.proxy.requests.filter(({ method }) => method === 'GET').at(-1)!.at,
      ).toBeGreaterThanOrEqual(retryAt! - 2); // timers and clock round down
    },
  },
  freshToken(),
  {
    name: 'token that expires every few seconds for a minute',
    clock: ({ inProcess }) => (inProcess ? 10 : 1),
    options: (hub) => ({
      subscriber: async () => ({ headers: await hub.authorize(7) }),
    }),
    during: async (trial) => {
      const over = Date.now() + 60_000;
      while (Date.now() < over) await trial.reopens();
    },
  },
  {
    name: 'heartbeats only for ten minutes',
    clock: 80,
    hub: { clock: 80 },
    during: async (trial) => {
      await trial.hears(9);
      await trial.stop();
      const { subscriptions } = trial.proxy;
      const over = Date.now() + 600_000;
      await until(() => Date.now() > over, 'ten minutes');
      expect(trial.proxy.subscriptions).toBe(subscriptions);
    },
  },
  {
    name: 'hub killed and restarted',
    during: async (trial) => {
      for (let round = 0; round < 3; round++) {
        await trial.hears(9);
        await trial.hub.stop();
        await trial.becomes('reconnecting');
        await trial.hub.start();
        await trial.becomes('open');
      }
    },
  },
  ...(['\n', '\r\n', '\r'] as const).map((lineEnd) => ({
    name: `one byte at a time, ${JSON.stringify(lineEnd)}, BOM, an emoji cut in two`,
    options: { encoding: 'text' } as const,
    before: (trial: Trial) => {
      trial.proxy.shape = { lineEnd, bom: true, byByte: true };
      trial.pace = 40;
    },
    during: async (trial: Trial) => {
      await trial.hears(30);
      await trial.breaks((stream) => stream.reset());
    },
  })),
  {
    name: 'a megabyte on one line',
    during: async (trial) => {
      await trial.hears(9);
      trial.publish(MEGABYTE);
      await trial.hears(9);
    },
  },
  {
    name: 'replay that overlaps live',
    before: ({ proxy }) => {
      proxy.shape = { withoutHeaders: CURSOR_HEADERS };
    },
    during: async (trial) => {
      const { proxy } = trial;
      for (let round = 0; round < 6; round++) {
        await trial.hears(60);
        // The hub is asked for what was heard long ago, and sends it again.
        const older = trial.events.at(-50)!.id!;
        proxy.rewrite = ({ searchParams }) => {
          for (const name of CURSOR_PARAMETERS) {
            if (searchParams.has(name)) searchParams.set(name, older);
          }
        };
        await trial.breaks((stream) => stream.reset());
      }
    },
  },
  {
    name: 'history evicted: one gap',
    hub: { historySize: 20 },
    during: async (trial) => {
      await trial.hears(30);
      await trial.stop();
      const { heard } = trial;
      await outage(trial, async () => {
        for (let count = 0; count < 60; count++) trial.publish();
        await trial.taken();
      });
      expect(trial.heard).toBe(heard);
    },
    after: (trial, { lost }) => {
      expectOneGap(trial);
      expect(lost.length).toBeGreaterThan(0);
      for (const { lastEventId } of trial.gaps) expect(lastEventId).toMatch(/^signal:/);
      expect(trial.errors).toEqual([]);
    },
  },
  {
    name: 'history evicted, the cursor header out of reach: one gap, which counts',
    hub: { historySize: 20 },
    before: ({ proxy }) => {
      proxy.shape = { withoutHeaders: CURSOR_HEADERS };
    },
    during: async (trial) => {
      await trial.hears(30);
      await trial.stop();
      await outage(trial, async () => {
        for (let count = 0; count < 60; count++) trial.publish();
        await trial.taken();
      });
    },
    after: (trial, { lost }) => {
      expectOneGap(trial);
      expect(trial.gaps.reduce((sum, { missed = 0 }) => sum + missed, 0)).toBe(lost.length);
      expect(trial.errors).toEqual([]);
    },
  },
  {
    name: 'POST applied but its answer lost',
    during: async (trial) => {
      onFirstAttempts(trial, 0.4, () => ({ kind: 'lose' }));
      await trial.hears(150);
      trial.proxy.decide = () => undefined;
    },
  },
  {
    name: 'POST hanging',
    clock: 5,
    during: async (trial) => {
      const { proxy } = trial;
      const hangs = proxy.random.between(1, 3);
      let left = hangs;
      proxy.decide = (request) => (isPublish(request) && left-- > 0 ? { kind: 'hang' } : undefined);
      await until(() => left <= 0, 'POSTs that hang');
      await trial.hears(30);
    },
  },
  {
    name: 'POSTs that overtake each other',
    during: async (trial) => {
      const held: Promise<unknown>[] = [];
      onFirstAttempts(trial, 0.3, () => {
        const until = trial.hears(trial.proxy.random.between(1, 30));
        held.push(until);
        return { kind: 'overtaken', until };
      });
      await trial.hears(150);
      trial.proxy.decide = () => undefined;
      await Promise.all(held);
    },
  },
  {
    name: 'publish during an outage: kept in order, and counted',
    during: async (trial) => {
      await trial.hears(9);
      await trial.hub.stop();
      const { queued } = trial.sender.connection;
      for (let count = 0; count < 50; count++) trial.publish();
      expect(trial.sender.connection.queued).toBe(queued + 50 * TOPICS.length);
      await trial.becomes('reconnecting');
      await trial.hub.start();
      await trial.hears(50 * TOPICS.length);
    },
  },
  {
    name: 'topics coming and going in traffic',
    during: async (trial) => {
      for (let round = 0; round < 15; round++) {
        const passing = [`passing ${round}`, `passing ${round + 1}`];
        await Promise.all(passing.map((topic) => trial.receiver.subscribe(topic, () => {})));
        await trial.hears(3);
        if (round % 5 === 4) for (const stream of trial.proxy.streams) stream.reset();
        for (const topic of passing) await trial.receiver.unsubscribe(topic);
      }
    },
  },
  {
    name: 'a handler that throws',
    during: async (trial) => {
      await trial.receiver.subscribe(TOPICS[0], () => {
        throw new Error('a mistake');
      });
      await trial.hears(30);
      await trial.breaks((stream) => stream.reset());
    },
    after: ({ errors, gaps }, { lost }) => {
      expect({ lost, gaps }).toEqual({ lost: [], gaps: [] });
      expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['handler']));
    },
  },
  {
    name: 'answers that take their time',
    during: async (trial) => {
      const { proxy } = trial;
      proxy.decide = () => ({ kind: 'late', delay: proxy.random.between(0, 60) });
      for (let round = 0; round < 4; round++) {
        await trial.hears(9);
        await trial.breaks((stream) => stream.reset());
      }
      proxy.decide = () => undefined;
      await delay(60);
    },
  },
];
