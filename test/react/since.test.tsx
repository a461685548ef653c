import { act, render, renderHook } from '@testing-library/react';
import * as React from 'react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  json,
  MemoryDriver,
  SignalingProvider,
  useSignal,
  useSignals,
  type Codec,
} from '../../src/index.js';
import { logSubscriptions, publish } from './support.js';

// React 18 has none.
const { Activity } = React;

const A_BLINK = 100;
const A_MOMENT = 5_000;

let driver: MemoryDriver;
let heard: string[];
let shown: { list: readonly number[]; latest: number | undefined };

function Wrapper({ children }: { children: ReactNode }) {
  return <SignalingProvider driver={driver}>{children}</SignalingProvider>;
}

/** Listens in each of the three ways. */
function usePast(since: string | undefined) {
  useSignal<number>('room', (number, { past }) => heard.push(`${past ? '' : '+'}${number}`), {
    since,
  });
  const { signals: list } = useSignals<number>('room', { since });
  const { data: latest } = useSignal<number>('room', { since });
  return { list, latest };
}

function Past() {
  shown = usePast('earliest');
  return null;
}

const pass = (time: number) => act(() => vi.advanceTimersByTimeAsync(time));

async function publishAndShow(...numbers: number[]): Promise<void> {
  await publish(driver, 'room', ...numbers);
  await pass(A_BLINK + 100);
}

beforeEach(() => {
  vi.useFakeTimers();
  driver = new MemoryDriver();
  heard = [];
});

afterEach(() => {
  driver.destroy();
  vi.useRealTimers();
});

const tree = (mode: 'visible' | 'hidden') => (
  <Wrapper>
    <Activity mode={mode}>
      <Past />
    </Activity>
  </Wrapper>
);

it.skipIf(!Activity)('what is hidden and shown again goes on where it was', async () => {
  await publishAndShow(1, 2);
  const { rerender } = render(tree('visible'));
  await publishAndShow(3);
  expect(shown).toEqual({ list: [1, 2, 3], latest: 3 });
  rerender(tree('hidden'));
  await pass(A_MOMENT);
  expect(driver.stateOf('room').status).toBe('idle');
  await publishAndShow(4, 5);
  expect(heard).toEqual(['1', '2', '+3']);
  rerender(tree('visible'));
  await publishAndShow(6);
  expect(heard).toEqual(['1', '2', '+3', '4', '5', '+6']);
  expect(shown).toEqual({ list: [1, 2, 3, 4, 5, 6], latest: 6 });
});

it.skipIf(!Activity)('what is hidden for a blink hears each signal once', async () => {
  await publishAndShow(1, 2);
  const { rerender } = render(tree('visible'));
  await publishAndShow(3);
  rerender(tree('hidden'));
  await publishAndShow(4);
  rerender(tree('visible'));
  await pass(A_MOMENT);
  await publishAndShow(5);
  expect(heard.map(Number)).toEqual([1, 2, 3, 4, 5]);
  expect(shown).toEqual({ list: [1, 2, 3, 4, 5], latest: 5 });
});

it.skipIf(!Activity)(
  'what is decoded while its component is hidden and shown is there once',
  async () => {
    const decoded: (() => void)[] = [];
    const slow: Codec<number> = {
      encode: json.encode,
      decode: async (bytes) => {
        await new Promise<void>((resolve) => decoded.push(resolve));
        return json.decode(bytes);
      },
    };
    let list: readonly number[] = [];
    function Slow() {
      ({ signals: list } = useSignals<number>('room', { since: 'earliest', codec: slow }));
      return null;
    }
    const slowTree = (mode: 'visible' | 'hidden') => (
      <Wrapper>
        <Activity mode={mode}>
          <Slow />
        </Activity>
      </Wrapper>
    );
    await publishAndShow(1);
    const { rerender } = render(slowTree('visible'));
    await pass(A_BLINK);
    rerender(slowTree('hidden'));
    await pass(A_BLINK);
    rerender(slowTree('visible'));
    await pass(A_BLINK);
    for (const end of decoded) end();
    await pass(A_MOMENT);
    expect(list).toEqual([1]);
  },
);

it('another `since` begins anew', async () => {
  const ids: string[] = [];
  await driver.subscribe('room', (_, { id }) => ids.push(id!));
  await publishAndShow(1, 2, 3);
  const start: { since: string | undefined } = { since: 'earliest' };
  const { result, rerender } = renderHook(({ since }) => usePast(since), {
    wrapper: Wrapper,
    initialProps: start,
  });
  await pass(A_MOMENT);
  expect(result.current).toEqual({ list: [1, 2, 3], latest: 3 });
  rerender({ since: ids[1] });
  expect(result.current).toEqual({ list: [], latest: undefined });
  await pass(A_MOMENT);
  expect(result.current).toEqual({ list: [3], latest: 3 });
  rerender({ since: undefined });
  await publishAndShow(4);
  expect(result.current).toEqual({ list: [4], latest: 4 });
  expect(heard).toEqual(['1', '2', '3', '3', '+4']);
});

it('the same `since`, rendered again, opens nothing anew', async () => {
  await publishAndShow(1);
  const log = logSubscriptions(driver);
  const { rerender } = renderHook(() => usePast('earliest'), { wrapper: Wrapper });
  await publishAndShow(2);
  rerender();
  await pass(A_MOMENT);
  expect(log).toEqual(['+room', '+room', '+room']);
  expect(heard).toEqual(['1', '+2']);
});
