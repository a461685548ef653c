import { webcrypto } from 'node:crypto';
import { act, render, screen, waitFor } from '@testing-library/react';
import * as React from 'react';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import {
  MemoryDriver,
  sealed,
  SignalingProvider,
  useDriver,
  useSignal,
  type Driver,
} from '../../src/index.js';
import { logSubscriptions, publish } from './support.js';

const A_BLINK = 100;
const A_MOMENT = 5_000;

function Latest() {
  const { data, status } = useSignal<number>('room');
  return <output>{`${data} ${status}`}</output>;
}

function Listener({ onSignal }: { onSignal: (value: unknown) => void }) {
  useSignal('room', (value) => onSignal(value));
  return null;
}

const shown = () => screen.getByRole('status', { hidden: true }).textContent;
const pass = (time: number) => act(() => vi.advanceTimersByTimeAsync(time));

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

// React 18 has none.
const { Activity } = React;

test.skipIf(!Activity)(
  'what is hidden leaves its topics, and is back when shown again',
  async () => {
    const driver = new MemoryDriver();
    const log = logSubscriptions(driver);
    const onSignal = vi.fn();
    const tree = (mode: 'visible' | 'hidden') => (
      <SignalingProvider driver={driver}>
        <Activity mode={mode}>
          <Latest />
          <Listener onSignal={onSignal} />
        </Activity>
      </SignalingProvider>
    );
    const { rerender } = render(tree('visible'));
    await publish(driver, 'room', 1);
    rerender(tree('hidden'));
    await publish(driver, 'room', 2);
    await pass(A_MOMENT);
    expect(onSignal).toHaveBeenCalledOnce();
    expect(log).toEqual(['+room', '-room']);
    rerender(tree('visible'));
    await publish(driver, 'room', 3);
    expect(shown()).toBe('3 open');
    expect(onSignal.mock.calls).toEqual([[1], [3]]);
    expect(log).toEqual(['+room', '-room', '+room']);
  },
);

test.skipIf(!Activity)('what is hidden for a blink opens nothing anew', async () => {
  const driver = new MemoryDriver();
  const log = logSubscriptions(driver);
  const tree = (mode: 'visible' | 'hidden') => (
    <SignalingProvider driver={driver}>
      <Activity mode={mode}>
        <Latest />
      </Activity>
    </SignalingProvider>
  );
  const { rerender } = render(tree('visible'));
  rerender(tree('hidden'));
  await pass(A_BLINK);
  rerender(tree('visible'));
  await pass(A_MOMENT);
  await publish(driver, 'room', 1);
  expect(shown()).toBe('1 open');
  expect(log).toEqual(['+room']);
});

test.skipIf(!Activity)(
  'a provider that is hidden ends its driver, and has a new one when shown',
  async () => {
    const streams: AbortSignal[] = [];
    const scripted: typeof fetch = async (_, init) => {
      const signal = init!.signal!;
      streams.push(signal);
      const body = new ReadableStream({
        start(stream) {
          stream.enqueue(new TextEncoder().encode(`data: ${btoa(`${streams.length}`)}\n\n`));
          signal.addEventListener('abort', () => stream.error(signal.reason));
        },
      });
      return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
    };
    const drivers = new Set<Driver>();
    function Collector() {
      drivers.add(useDriver());
      return null;
    }
    const tree = (mode: 'visible' | 'hidden') => (
      <Activity mode={mode}>
        <SignalingProvider url="https://example.com/hub" fetch={scripted}>
          <Collector />
          <Latest />
        </SignalingProvider>
      </Activity>
    );
    const { rerender } = render(tree('visible'));
    await vi.waitFor(() => expect(shown()).toBe('1 open'));
    rerender(tree('hidden'));
    await pass(A_MOMENT);
    expect(streams.map(({ aborted }) => aborted)).toEqual([true]);
    rerender(tree('visible'));
    await vi.waitFor(() => expect(shown()).toBe('2 open'));
    expect(streams.map(({ aborted }) => aborted)).toEqual([true, false]);
    expect([...drivers].map(({ connection }) => connection.status)).toEqual(['closed', 'open']);
  },
);

test.skipIf(!Activity)(
  'a sealed signal that comes again after its component was hidden is no replay',
  async () => {
    vi.useRealTimers();
    vi.stubGlobal('crypto', webcrypto);
    onTestFinished(() => void vi.unstubAllGlobals());
    const driver = new MemoryDriver();
    onTestFinished(() => driver.destroy());
    const codec = sealed(new Uint8Array(16).fill(1));
    const [first, second, third] = await Promise.all(
      [1, 2, 3].map(async (value) => codec.encode(value, 'room')),
    );
    const send = (bytes: Uint8Array) => act(() => driver.publish('room', bytes));
    const errors: string[] = [];
    function LatestSealed() {
      const { data, status } = useSignal<number>('room', {
        codec,
        onError: ({ code }) => errors.push(code),
      });
      return <output>{`${data} ${status}`}</output>;
    }
    const tree = (mode: 'visible' | 'hidden') => (
      <SignalingProvider driver={driver}>
        <Activity mode={mode}>
          <LatestSealed />
        </Activity>
      </SignalingProvider>
    );
    const { rerender } = render(tree('visible'));
    await waitFor(() => expect(shown()).toBe('undefined open'));
    for (const bytes of [first!, first!, second!]) await send(bytes);
    await waitFor(() => expect(shown()).toBe('2 open'));
    expect(errors).toEqual(['replayed']);
    rerender(tree('hidden'));
    rerender(tree('visible'));
    for (const bytes of [second!, third!]) await send(bytes);
    await waitFor(() => expect(shown()).toBe('3 open'));
    expect(errors).toEqual(['replayed']);
  },
);
