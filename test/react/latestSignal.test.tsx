import { render, screen, waitFor } from '@testing-library/react';
import { Profiler, StrictMode } from 'react';
import { expect, test, vi } from 'vitest';
import { json, MemoryDriver, SignalingProvider, useSignal } from '../../src/index.js';
import { logSubscriptions, publish } from './support.js';

const BURST = Array.from({ length: 1_000 }, (_, number) => number);

function Latest({ topic, label = 'latest' }: { topic: string | null; label?: string }) {
  const { data, status, error } = useSignal<number>(topic);
  return <output aria-label={label}>{`${data} ${status} ${error?.code}`}</output>;
}

const shown = (label = 'latest') => screen.getByLabelText(label).textContent;

test('the latest signal is shown, with the status of its topic', async () => {
  const driver = new MemoryDriver();
  render(
    <SignalingProvider driver={driver}>
      <Latest topic="room" />
    </SignalingProvider>,
  );
  await waitFor(() => expect(shown()).toBe('undefined open undefined'));
  await publish(driver, 'room', 1);
  expect(shown()).toBe('1 open undefined');
  await publish(driver, 'room', 2, 3);
  await waitFor(() => expect(shown()).toBe('3 open undefined'));
});

test('a burst of 1,000 is at most 2 commits, and none on another topic', async () => {
  const driver = new MemoryDriver();
  const commits = { busy: 0, quiet: 0 };
  const onRender = (id: string) => commits[id as keyof typeof commits]++;
  render(
    <SignalingProvider driver={driver}>
      <Profiler id="busy" onRender={onRender}>
        <Latest topic="busy" />
      </Profiler>
      <Profiler id="quiet" onRender={onRender}>
        <Latest topic="quiet" label="quiet" />
      </Profiler>
    </SignalingProvider>,
  );
  await waitFor(() =>
    expect([shown(), shown('quiet')]).toEqual(Array(2).fill('undefined open undefined')),
  );
  const before = { ...commits };
  await Promise.all(BURST.map((number) => driver.publish('busy', json.encode(number))));
  await waitFor(() => expect(shown()).toBe('999 open undefined'));
  expect(commits.busy - before.busy).toBeGreaterThan(0);
  expect(commits.busy - before.busy).toBeLessThanOrEqual(2);
  expect(commits.quiet - before.quiet).toBe(0);
});

test('a steady flow is shown several times a second, and its end always', async () => {
  vi.useFakeTimers();
  try {
    const driver = new MemoryDriver();
    const seen: unknown[] = [];
    function Watcher() {
      seen.push(useSignal('room').data);
      return null;
    }
    render(
      <SignalingProvider driver={driver}>
        <Watcher />
      </SignalingProvider>,
    );
    for (let number = 1; number <= 100; number++) {
      await publish(driver, 'room', number);
      await vi.advanceTimersByTimeAsync(10);
    }
    await vi.advanceTimersByTimeAsync(1_000);
    const frames = new Set(seen).size;
    expect(frames).toBeGreaterThan(5);
    expect(frames).toBeLessThan(20);
    expect(seen.at(-1)).toBe(100);
  } finally {
    vi.useRealTimers();
  }
});

test('data begins anew with another topic, and ends with null', async () => {
  const driver = new MemoryDriver();
  const tree = (topic: string | null) => (
    <SignalingProvider driver={driver}>
      <Latest topic={topic} />
    </SignalingProvider>
  );
  const { rerender } = render(tree('one'));
  await publish(driver, 'one', 1);
  expect(shown()).toBe('1 open undefined');
  rerender(tree('two'));
  await waitFor(() => expect(shown()).toBe('undefined open undefined'));
  await publish(driver, 'one', 2);
  expect(shown()).toBe('undefined open undefined');
  await publish(driver, 'two', 3);
  expect(shown()).toBe('3 open undefined');
  rerender(tree(null));
  expect(shown()).toBe('undefined idle undefined');
});

test('in StrictMode it subscribes once', async () => {
  const driver = new MemoryDriver();
  const log = logSubscriptions(driver);
  render(
    <StrictMode>
      <SignalingProvider driver={driver}>
        <Latest topic="room" />
      </SignalingProvider>
    </StrictMode>,
  );
  await publish(driver, 'room', 1);
  expect(shown()).toBe('1 open undefined');
  expect(log).toEqual(['+room']);
});
