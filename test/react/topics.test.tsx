import { act, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MemoryDriver, SignalingProvider, useSignal } from '../../src/index.js';
import { logSubscriptions, publish } from './support.js';

const A_BLINK = 100;
const A_MOMENT = 5_000;

function Latest({ topic }: { topic: string }) {
  return <li>{`${topic}: ${useSignal<number>(topic).data}`}</li>;
}

function Listener({ topic }: { topic: string }) {
  useSignal(topic, () => {});
  return null;
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const pass = (time: number) => act(() => vi.advanceTimersByTimeAsync(time));

test('components on one topic share one subscription, whatever form they use', async () => {
  const driver = new MemoryDriver();
  const log = logSubscriptions(driver);
  const tree = (latest: boolean, listener: boolean) => (
    <SignalingProvider driver={driver}>
      {latest && <Latest topic="room" />}
      {listener && <Listener topic="room" />}
    </SignalingProvider>
  );
  const { rerender } = render(tree(true, true));
  rerender(tree(true, false));
  await pass(A_MOMENT);
  await publish(driver, 'room', 1);
  expect(screen.getByText('room: 1')).toBeDefined();
  expect(log).toEqual(['+room']);
});

test('the last one to leave a topic lets it linger a moment', async () => {
  const driver = new MemoryDriver();
  const log = logSubscriptions(driver);
  const tree = (mounted: boolean) => (
    <SignalingProvider driver={driver}>{mounted && <Listener topic="room" />}</SignalingProvider>
  );
  const { rerender } = render(tree(true));
  rerender(tree(false));
  await pass(A_BLINK);
  expect(log).toEqual(['+room']);
  await pass(A_MOMENT);
  expect(log).toEqual(['+room', '-room']);
  expect(driver.connection.status).toBe('idle');
});

test('who comes back within that moment opens nothing anew, and stays', async () => {
  const driver = new MemoryDriver();
  const log = logSubscriptions(driver);
  const tree = (mounted: boolean) => (
    <SignalingProvider driver={driver}>{mounted && <Latest topic="room" />}</SignalingProvider>
  );
  const { rerender } = render(tree(true));
  rerender(tree(false));
  await pass(A_BLINK);
  rerender(tree(true));
  await pass(A_MOMENT);
  await publish(driver, 'room', 1);
  expect(screen.getByText('room: 1')).toBeDefined();
  expect(log).toEqual(['+room']);
});

test('a route change opens the new topics and, a moment later, closes the old ones', async () => {
  const driver = new MemoryDriver();
  const log = logSubscriptions(driver);
  const tree = (topic: string) => (
    <SignalingProvider driver={driver}>
      <Listener key={topic} topic={topic} />
      <Listener key="layout" topic="both" />
    </SignalingProvider>
  );
  const { rerender } = render(tree('one'));
  rerender(tree('two'));
  expect(log).toEqual(['+one', '+both', '+two']);
  await pass(A_MOMENT);
  expect(log).toEqual(['+one', '+both', '+two', '-one']);
});

test('after the provider has gone nothing stays subscribed on a driver it borrowed', async () => {
  const driver = new MemoryDriver();
  const log = logSubscriptions(driver);
  const { unmount } = render(
    <SignalingProvider driver={driver}>
      <Listener topic="room" />
    </SignalingProvider>,
  );
  unmount();
  await pass(A_MOMENT);
  expect(log).toEqual(['+room', '-room']);
  expect(vi.getTimerCount()).toBe(0);
});

const TOPICS = Array.from({ length: 1_000 }, (_, number) => `row ${number}`);

test.each([
  ['rows move with their key', (topic: string) => topic],
  ['rows change their topic', (_: string, index: number) => index],
])('re-ordering a list of 1,000 topics opens and closes nothing: %s', async (_, keyOf) => {
  const driver = new MemoryDriver();
  const log = logSubscriptions(driver);
  const tree = (topics: string[]) => (
    <SignalingProvider driver={driver}>
      {topics.map((topic, index) => (
        <Latest key={keyOf(topic, index)} topic={topic} />
      ))}
    </SignalingProvider>
  );
  const { rerender } = render(tree(TOPICS));
  expect(log.splice(0)).toEqual(TOPICS.map((topic) => `+${topic}`));
  rerender(tree(TOPICS.toReversed()));
  await pass(A_MOMENT);
  expect(log).toEqual([]);
  await publish(driver, 'row 7', 1);
  expect(screen.getByText('row 7: 1')).toBeDefined();
});

test('a signal to one row of 1,000 renders that row only', async () => {
  const driver = new MemoryDriver();
  const rendered: string[] = [];
  function Row({ topic }: { topic: string }) {
    const { data } = useSignal<number>(topic);
    rendered.push(`${topic}: ${data}`);
    return null;
  }
  render(
    <SignalingProvider driver={driver}>
      {TOPICS.map((topic) => (
        <Row key={topic} topic={topic} />
      ))}
    </SignalingProvider>,
  );
  await pass(A_BLINK);
  rendered.length = 0;
  await publish(driver, 'row 7', 1);
  expect(rendered).toEqual(['row 7: 1']);
});
