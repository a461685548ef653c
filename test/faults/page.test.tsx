import { act, render, screen } from '@testing-library/react';
import { StrictMode } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { json, SignalingProvider, SseDriver, useSignal } from '../../src/index.js';
import { FaultProxy } from '../servers/faultProxy.js';
import { embedded } from '../servers/TestHub.js';
import { itSurvives, type Row } from './runRow.js';
import { until, type Trial } from './Trial.js';

const openHub = embedded({ protocol: '0.x', openToAll: true });

/** By itself it would be back only after a long time. */
const patient = { retry: { base: 600_000, max: 600_000 }, timeout: 1_200_000 };

function setHidden(hidden: boolean): void {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(hidden);
  document.dispatchEvent(new Event('visibilitychange'));
}

/** What a page does that was asleep: its clock has gone on, its timers have not run. */
function sleep(milliseconds: number): void {
  const later = Date.now() + milliseconds;
  const startedAt = performance.now();
  vi.spyOn(Date, 'now').mockImplementation(() => later + performance.now() - startedAt);
}

async function stays(trial: Trial, event: () => void): Promise<void> {
  const { opened } = trial.proxy;
  event();
  await trial.hears(60);
  expect(trial.proxy.opened).toBe(opened);
}

afterEach(() => {
  vi.restoreAllMocks();
});

const rows: Row[] = [
  {
    name: 'offline and online',
    options: patient,
    during: async (trial) => {
      await trial.hears(9);
      // Publishing goes on: what fails just after `online` would wait as long again.
      trial.proxy.decide = ({ method }) => (method === 'GET' ? { kind: 'reset' } : undefined);
      for (const stream of trial.proxy.streams) stream.reset();
      await trial.becomes('reconnecting');
      trial.proxy.decide = () => undefined;
      window.dispatchEvent(new Event('online'));
      await trial.becomes('open');
    },
  },
  {
    name: 'page hidden and back: its streams stay',
    options: patient,
    during: async (trial) => {
      await trial.hears(9);
      await stays(trial, () => setHidden(true));
      await stays(trial, () => setHidden(false));
    },
  },
  {
    name: 'page frozen and back: a stream that died meanwhile is found at once',
    options: { ...patient, heartbeatTimeout: 60_000 },
    during: async (trial) => {
      await trial.hears(9);
      for (const stream of trial.proxy.streams) stream.freeze();
      sleep(120_000);
      await trial.breaks(() => document.dispatchEvent(new Event('resume')));
    },
  },
  {
    name: 'page out of the back/forward cache: its streams are opened anew',
    options: patient,
    during: async (trial) => {
      await trial.hears(9);
      for (const stream of trial.proxy.streams) stream.freeze();
      const event = new PageTransitionEvent('pageshow', { persisted: true });
      await trial.breaks(() => window.dispatchEvent(event));
    },
  },
];

describe('faults of a page', () => {
  itSurvives(rows, openHub);
});

describe('hundred StrictMode mounts', () => {
  it('hear every signal once, on one stream that is gone in the end', async () => {
    const hub = await openHub();
    const proxy = await FaultProxy.start(hub.url);
    const sender = new SseDriver({ url: hub.url });
    const heard = new Map<number, number[]>();
    function Listener({ id }: { id: number }) {
      useSignal<number>('room', (number) => heard.set(id, [...(heard.get(id) ?? []), number]));
      return <li>{useSignal<number>('room').data}</li>;
    }
    const tree = (mounts: number) => (
      <StrictMode>
        <SignalingProvider url={proxy.url}>
          {Array.from({ length: mounts }, (_, id) => (
            <Listener key={id} id={id} />
          ))}
        </SignalingProvider>
      </StrictMode>
    );
    try {
      const { rerender, unmount } = render(tree(1));
      await until(() => proxy.streams.size === 1, 'the stream');
      for (let mounts = 2; mounts <= 100; mounts++) {
        rerender(tree(mounts));
        if (mounts % 10 === 0) {
          await act(() => sender.publish('room', json.encode(mounts)));
          await until(() => heard.get(0)?.at(-1) === mounts, 'the signal');
        }
      }
      await expect.poll(() => screen.queryAllByText('100').length).toBe(100);
      for (const [id, numbers] of heard) {
        // A mount hears what is published from then on.
        const expected = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100].filter((mounts) => id < mounts);
        expect(numbers, `mount ${id}`).toEqual(expected);
      }
      expect(proxy.opened).toBe(1);
      unmount();
      await until(() => proxy.inFlight === 0, 'the stream to go');
    } finally {
      sender.destroy();
      await proxy.close();
      await hub.close();
    }
  });
});
