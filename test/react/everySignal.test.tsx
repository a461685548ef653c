import { act, render } from '@testing-library/react';
import { Profiler, StrictMode, useLayoutEffect, useState } from 'react';
import { expect, test, vi } from 'vitest';
import {
  json,
  MemoryDriver,
  SignalingProvider,
  useSignal,
  type SignalEvent,
  type SignalHandler,
} from '../../src/index.js';
import { logSubscriptions, publish } from './support.js';

const NUMBERS = Array.from({ length: 1_000 }, (_, number) => number);

interface ListenerProps {
  topic: string | null;
  onSignal: (value: unknown, event: SignalEvent) => void;
}

function Listener({ topic, onSignal }: ListenerProps) {
  useSignal(topic, (value, event) => onSignal(value, event));
  return null;
}

test('every signal of a burst reaches the handler, in order, and nothing renders', async () => {
  const driver = new MemoryDriver();
  const heard: unknown[] = [];
  const onRender = vi.fn();
  render(
    <SignalingProvider driver={driver}>
      <Profiler id="listener" onRender={onRender}>
        <Listener topic="room" onSignal={(value) => heard.push(value)} />
      </Profiler>
    </SignalingProvider>,
  );
  await Promise.all(NUMBERS.map((number) => driver.publish('room', json.encode(number))));
  expect(heard).toEqual(NUMBERS);
  expect(onRender).toHaveBeenCalledOnce();
});

test('the handler learns the topic, the type, the id, and whether the signal is its own', async () => {
  const driver = new MemoryDriver();
  const onSignal = vi.fn();
  render(
    <SignalingProvider driver={driver}>
      <Listener topic="room" onSignal={onSignal} />
    </SignalingProvider>,
  );
  await driver.publish('room', json.encode('hello'), { type: 'greeting' });
  const event = { topic: 'room', type: 'greeting', id: expect.any(String), own: true, past: false };
  expect(onSignal.mock.calls).toEqual([['hello', event]]);
});

test('a handler written inline is always the newest, and nothing subscribes anew', async () => {
  const driver = new MemoryDriver();
  const log = logSubscriptions(driver);
  const heard: unknown[] = [];
  const tree = (name: string) => (
    <SignalingProvider driver={driver}>
      <Listener topic="room" onSignal={(value) => heard.push([name, value])} />
    </SignalingProvider>
  );
  const { rerender } = render(tree('old'));
  await publish(driver, 'room', 1);
  rerender(tree('new'));
  await publish(driver, 'room', 2);
  expect(heard).toEqual([
    ['old', 1],
    ['new', 2],
  ]);
  expect(log).toEqual(['+room']);
});

test('in StrictMode it subscribes once and hears once', async () => {
  const driver = new MemoryDriver();
  const log = logSubscriptions(driver);
  const onSignal = vi.fn();
  render(
    <StrictMode>
      <SignalingProvider driver={driver}>
        <Listener topic="room" onSignal={onSignal} />
      </SignalingProvider>
    </StrictMode>,
  );
  await publish(driver, 'room', 'hello');
  expect(onSignal).toHaveBeenCalledOnce();
  expect(log).toEqual(['+room']);
});

test('after the topic has changed nothing of the old one is heard', async () => {
  const driver = new MemoryDriver();
  const heard: unknown[] = [];
  const tree = (topic: string | null) => (
    <SignalingProvider driver={driver}>
      <Listener topic={topic} onSignal={(value, event) => heard.push([event.topic, value])} />
    </SignalingProvider>
  );
  const { rerender } = render(tree('one'));
  await publish(driver, 'one', 1);
  rerender(tree('two'));
  await publish(driver, 'one', 2);
  await publish(driver, 'two', 3);
  rerender(tree(null));
  await publish(driver, 'two', 4);
  rerender(tree('one'));
  await publish(driver, 'one', 5);
  expect(heard).toEqual([
    ['one', 1],
    ['two', 3],
    ['one', 5],
  ]);
});

test('with the topic null nothing is subscribed', async () => {
  const driver = new MemoryDriver();
  const log = logSubscriptions(driver);
  render(
    <SignalingProvider driver={driver}>
      <Listener topic={null} onSignal={() => {}} />
    </SignalingProvider>,
  );
  await publish(driver, 'null', 1);
  expect(log).toEqual([]);
});

test('after unmounting nothing is heard, though the topic lingers', async () => {
  const driver = new MemoryDriver();
  const log = logSubscriptions(driver);
  const onSignal = vi.fn();
  const { unmount } = render(
    <SignalingProvider driver={driver}>
      <Listener topic="room" onSignal={onSignal} />
    </SignalingProvider>,
  );
  unmount();
  await publish(driver, 'room', 1);
  expect(onSignal).not.toHaveBeenCalled();
  expect(log).toEqual(['+room']);
});

// React commits first and ends effects later. What arrives in between is for nobody.
test.each([
  ['topic changed', 'another topic'],
  ['component unmounted', undefined],
])('a signal that comes right after the %s is not heard', async (_, next) => {
  const driver = new MemoryDriver();
  const handlers: SignalHandler[] = [];
  driver.on('subscribe', (_, handler) => handlers.push(handler));
  const onSignal = vi.fn();
  const deliver = () =>
    handlers[0]!(json.encode('late') as Uint8Array<ArrayBuffer>, {
      topic: 'topic',
      id: undefined,
      type: 'message',
      own: false,
      past: false,
    });

  let change!: (topic: string | undefined) => void;
  function Parent() {
    const [topic, setTopic] = useState<string | undefined>('topic');
    change = setTopic;
    useLayoutEffect(() => {
      if (topic !== 'topic') deliver();
    }, [topic]);
    return topic === undefined ? null : <Listener topic={topic} onSignal={onSignal} />;
  }
  render(
    <SignalingProvider driver={driver}>
      <Parent />
    </SignalingProvider>,
  );
  deliver();
  expect(onSignal).toHaveBeenCalledOnce();
  act(() => change(next));
  expect(onSignal).toHaveBeenCalledOnce();
});

test('a handler that throws is reported, and the others are served', async () => {
  const driver = new MemoryDriver();
  const fault = new Error('at fault');
  const onError = vi.fn();
  const onSignal = vi.fn();
  const fail = () => {
    throw fault;
  };
  render(
    <SignalingProvider driver={driver} onError={onError}>
      <Listener topic="room" onSignal={fail} />
      <Listener topic="room" onSignal={onSignal} />
    </SignalingProvider>,
  );
  await publish(driver, 'room', 1, 2);
  expect(onSignal.mock.calls.map(([value]) => value as unknown)).toEqual([1, 2]);
  expect(onError).toHaveBeenCalledTimes(2);
  expect(onError.mock.calls[0]).toEqual([
    expect.objectContaining({ code: 'handler', topic: 'room', cause: fault }),
  ]);
});
