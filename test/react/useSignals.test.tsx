import { act, render, renderHook } from '@testing-library/react';
import { Profiler, StrictMode, type ReactNode } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, it, onTestFinished } from 'vitest';
import {
  json,
  MemoryDriver,
  SignalingProvider,
  SseDriver,
  useSignal,
  useSignals,
  type Driver,
  type UseSignalsOptions,
} from '../../src/index.js';
import { openHub, publish } from './support.js';

interface Row {
  id: number;
  text: string;
}

const within = (driver: Driver) =>
  function Wrapper({ children }: { children: ReactNode }) {
    return <SignalingProvider driver={driver}>{children}</SignalingProvider>;
  };

const pause = (milliseconds: number) =>
  act(() => new Promise((resolve) => setTimeout(resolve, milliseconds)));

async function openDriver(): Promise<SseDriver> {
  const { url } = await openHub();
  const driver = new SseDriver({ url });
  onTestFinished(() => driver.destroy());
  return driver;
}

it('lists the past, then what comes, in order, within its bound', async () => {
  const driver = await openDriver();
  for (let number = 1; number <= 5; number++) await publish(driver, 'room', number);
  const { result } = renderHook(() => useSignals<number>('room', { since: 'earliest', last: 4 }), {
    wrapper: within(driver),
  });
  expect(result.current.signals).toEqual([]);
  await expect.poll(() => result.current.status).toBe('open');
  await expect.poll(() => result.current.signals).toEqual([2, 3, 4, 5]);
  await publish(driver, 'room', 6);
  await expect.poll(() => result.current.signals).toEqual([3, 4, 5, 6]);
});

it('lists each signal once in StrictMode, with two lists of one topic', async () => {
  const driver = await openDriver();
  await publish(driver, 'room', 1, 2);
  const { result } = renderHook(
    () => [
      useSignals<number>('room', { since: 'earliest' }).signals,
      useSignals<number>('room', { since: 'earliest' }).signals,
      useSignals<number>('room').signals,
    ],
    { wrapper: ({ children }) => <StrictMode>{within(driver)({ children })}</StrictMode> },
  );
  await expect
    .poll(() => result.current.slice(0, 2))
    .toEqual([
      [1, 2],
      [1, 2],
    ]);
  await expect.poll(() => driver.stateOf('room').status).toBe('open');
  await publish(driver, 'room', 3);
  await expect.poll(() => result.current).toEqual([[1, 2, 3], [1, 2, 3], [3]]);
});

it('replaces by key, in place', async () => {
  const driver = new MemoryDriver();
  const { result } = renderHook(
    () => useSignals<Row>('rows', { by: (row) => row.id, last: 3, since: 'earliest' }),
    { wrapper: within(driver) },
  );
  const rows = (...texts: string[]) => texts.map((text) => ({ id: Number(text[0]), text }));
  await publish(driver, 'rows', ...rows('1a', '2a', '3a', '2b'));
  await expect.poll(() => result.current.signals).toEqual(rows('1a', '2b', '3a'));
  await publish(driver, 'rows', ...rows('4a', '1b'));
  await expect.poll(() => result.current.signals).toEqual(rows('3a', '4a', '1b'));
});

it('shows a burst of 1,000 by at most two commits, and the same list until it changes', async () => {
  const driver = new MemoryDriver();
  const lists: (readonly number[])[] = [];
  let commits = 0;
  function List() {
    lists.push(useSignals<number>('room', { last: Infinity, onError: () => {} }).signals);
    return null;
  }
  const view = () => (
    <SignalingProvider driver={driver}>
      <Profiler id="list" onRender={() => commits++}>
        <List />
      </Profiler>
    </SignalingProvider>
  );
  const { rerender } = render(view());
  await pause(200);
  commits = 0;
  await act(async () => {
    for (let number = 0; number < 1_000; number++) void driver.publish('room', json.encode(number));
    await new Promise((resolve) => setTimeout(resolve, 400));
  });
  expect(lists.at(-1)).toHaveLength(1_000);
  expect(commits).toBeGreaterThan(0);
  expect(commits).toBeLessThanOrEqual(2);
  const last = lists.at(-1);
  rerender(view());
  expect(lists.at(-1)).toBe(last);
});

it('is emptied by clear, which is stable, and by another topic', async () => {
  const driver = new MemoryDriver();
  const start: { topic: string | null } = { topic: 'a' };
  const { result, rerender } = renderHook(({ topic }) => useSignals<number>(topic), {
    wrapper: within(driver),
    initialProps: start,
  });
  const { clear } = result.current;
  await publish(driver, 'a', 1, 2);
  await expect.poll(() => result.current.signals).toEqual([1, 2]);
  act(() => clear());
  expect(result.current.signals).toEqual([]);
  await publish(driver, 'a', 3);
  await expect.poll(() => result.current.signals).toEqual([3]);
  rerender({ topic: 'b' });
  expect(result.current.signals).toEqual([]);
  rerender({ topic: null });
  expect(result.current).toMatchObject({ signals: [], status: 'idle', error: undefined });
  expect(result.current.clear).toBe(clear);
  act(() => clear());
});

it.each<[string, UseSignalsOptions<number>]>([
  ['an empty since', { since: '' }],
  ['a since with a line break', { since: 'a\nb' }],
  ['a last of 0', { last: 0 }],
  ['a last that is no number', { last: Number.NaN }],
])('%s is an error', (_, options) => {
  const { result } = renderHook(() => useSignals<number>('room', options), {
    wrapper: ({ children }) => (
      <SignalingProvider driver={new MemoryDriver()} onError={() => {}}>
        {children}
      </SignalingProvider>
    ),
  });
  expect(result.current).toMatchObject({ status: 'closed', error: { code: 'usage' } });
});

it('renders an empty list on a server', () => {
  function List() {
    const { signals, status } = useSignals('room', { since: 'earliest' });
    return `${status} ${signals.length}`;
  }
  const html = renderToString(
    <SignalingProvider driver={new MemoryDriver()}>
      <List />
    </SignalingProvider>,
  );
  expect(html).toBe('idle 0');
});

it('useSignal gives its handler the past, marked, and shows the latest of it', async () => {
  const driver = await openDriver();
  await publish(driver, 'room', 1, 2);
  const heard: [number, boolean][] = [];
  const { result, unmount } = renderHook(
    () => {
      useSignal<number>('room', (number, { past }) => heard.push([number, past]), {
        since: 'earliest',
      });
      return useSignal<number>('room', { since: 'earliest' });
    },
    { wrapper: ({ children }) => <StrictMode>{within(driver)({ children })}</StrictMode> },
  );
  await expect.poll(() => result.current).toMatchObject({ data: 2, status: 'open' });
  await publish(driver, 'room', 3);
  await expect
    .poll(() => heard)
    .toEqual([
      [1, true],
      [2, true],
      [3, false],
    ]);
  unmount();
  expect(driver.stateOf('room').status).toBe('idle');
});
