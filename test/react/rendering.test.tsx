import { act, render, screen } from '@testing-library/react';
import { useState } from 'react';
import { expect, onTestFinished, test, vi } from 'vitest';
import {
  json,
  MemoryDriver,
  MemoryHub,
  SignalingProvider,
  useConnection,
  usePublish,
  useSignal,
  type Codec,
  type SignalingError,
  type Topics,
} from '../../src/index.js';
import { logSubscriptions, openHub, publish } from './support.js';

function Listener({ topics, onSignal }: { topics: Topics; onSignal: (value: unknown) => void }) {
  useSignal(topics, (value) => onSignal(value));
  return null;
}

function openDriver(hub = new MemoryHub()): MemoryDriver {
  const driver = new MemoryDriver(hub);
  onTestFinished(() => driver.destroy());
  return driver;
}

test.each<[name: string, write: () => Topics]>([
  ['a list', () => ['one', 'two']],
  ['a list in another order', () => (Math.random() < 2 ? ['two', 'one'] : [])],
  ['a template', () => ({ template: 'one/{id}' })],
  ['a list with a selector', () => ['one', { template: 'two/{id}' }]],
])('%s written inline subscribes once, however often it renders', async (_, write) => {
  const driver = openDriver();
  const log = logSubscriptions(driver);
  const heard: unknown[] = [];
  const tree = () => (
    <SignalingProvider driver={driver}>
      <Listener topics={write()} onSignal={(value) => heard.push(value)} />
    </SignalingProvider>
  );
  const { rerender } = render(tree());
  for (let count = 0; count < 20; count++) rerender(tree());
  expect(log.length).toBe(1);
  const topic = JSON.stringify(write()).includes('"one"') ? 'one' : 'one/1';
  await publish(driver, topic, 'hello');
  expect(heard).toEqual(['hello']);
});

test('another list is another subscription, and the old one is not heard any more', async () => {
  const driver = openDriver();
  const heard: unknown[] = [];
  const tree = (topics: string[]) => (
    <SignalingProvider driver={driver}>
      <Listener topics={topics} onSignal={(value) => heard.push(value)} />
    </SignalingProvider>
  );
  const { rerender } = render(tree(['one', 'two']));
  rerender(tree(['two', 'three']));
  for (const topic of ['one', 'two', 'three']) await publish(driver, topic, topic);
  expect(heard).toEqual(['two', 'three']);
});

test('50 publishes render a component that shows `status` at most twice, and keep `reconnect`', async () => {
  const { url } = await openHub();
  const actions = new Set<unknown>();
  let renders = 0;
  let send!: (value: unknown) => Promise<void>;
  function Status() {
    const { status, reconnect } = useConnection();
    actions.add(reconnect);
    renders++;
    send = usePublish('room');
    return <output>{status}</output>;
  }
  render(
    <SignalingProvider url={url}>
      <Status />
    </SignalingProvider>,
  );
  renders = 0;
  await act(() => Promise.all(Array.from({ length: 50 }, (_, index) => send(index))));
  expect(renders).toBeLessThanOrEqual(2);
  expect(actions.size).toBe(1);
});

test('a component that shows `queued` still sees it', async () => {
  const hub = new MemoryHub();
  const driver = openDriver(hub);
  function Queued() {
    return <output>{useConnection().queued}</output>;
  }
  render(
    <SignalingProvider driver={driver}>
      <Queued />
    </SignalingProvider>,
  );
  hub.disconnect();
  const published = [1, 2, 3].map((value) => driver.publish('room', json.encode(value)));
  await vi.waitFor(() => expect(screen.getByText('3')).toBeDefined());
  hub.connect();
  act(() => driver.reconnect());
  await act(() => Promise.all(published));
  await vi.waitFor(() => expect(screen.getByText('0')).toBeDefined());
});

function Latest({ topic }: { topic: string }) {
  return <li>{useSignal(topic).status}</li>;
}

test('mounting topics reads their state a number of times that grows with them, no faster', async () => {
  const readsFor = async (count: number): Promise<number> => {
    const driver = openDriver();
    const stateOf = vi.spyOn(driver, 'stateOf');
    const { container, unmount } = render(
      <SignalingProvider driver={driver}>
        {Array.from({ length: count }, (_, index) => (
          <Latest key={index} topic={`topic ${index}`} />
        ))}
      </SignalingProvider>,
    );
    await act(async () => {});
    expect(container.textContent).toBe('open'.repeat(count));
    const reads = stateOf.mock.calls.length;
    unmount();
    return reads;
  };
  const few = await readsFor(100);
  expect(few).toBeLessThanOrEqual(1_000);
  expect(await readsFor(4_000)).toBeLessThanOrEqual(few * 40 + 100);
}, 60_000);

test('a change of one topic renders only who watches it', async () => {
  const hub = new MemoryHub();
  const driver = openDriver(hub);
  const rendered: string[] = [];
  function Row({ topic }: { topic: string }) {
    const { status } = useSignal(topic);
    rendered.push(`${topic} ${status}`);
    return null;
  }
  render(
    <SignalingProvider driver={driver} onError={() => {}}>
      {['a', 'b', 'c'].map((topic) => (
        <Row key={topic} topic={topic} />
      ))}
    </SignalingProvider>,
  );
  await vi.waitFor(() => expect(rendered).toContain('c open'));
  rendered.length = 0;
  act(() => hub.refuse('b'));
  await vi.waitFor(() => expect(rendered).toContain('b closed'));
  expect(rendered).toEqual(['b closed']);
});

test('an asynchronous codec keeps the order of signals, for a handler and for the latest', async () => {
  const driver = openDriver();
  const waits = new Map<number, () => void>();
  const codec: Codec<number> = {
    encode: async (value) => json.encode(value),
    decode: async (bytes) => {
      const value = json.decode(bytes) as number;
      await new Promise<void>((resolve) => waits.set(value, resolve));
      return value;
    },
  };
  const heard: unknown[] = [];
  let send!: (value: number) => Promise<void>;
  function Both() {
    send = usePublish<number>('room', { codec });
    useSignal<number>('room', (value) => heard.push(value), { codec });
    return null;
  }
  render(
    <SignalingProvider driver={driver}>
      <Both />
    </SignalingProvider>,
  );
  await act(() => Promise.all([1, 2, 3].map((value) => send(value))));
  await vi.waitFor(() => expect(waits.size).toBe(3));
  for (const value of [3, 2]) waits.get(value)!();
  await act(async () => {});
  expect(heard).toEqual([]);
  waits.get(1)!();
  await vi.waitFor(() => expect(heard).toEqual([1, 2, 3]));
});

test('each hook may have its own encoding', async () => {
  const { url, hub } = await openHub();
  const heard: unknown[] = [];
  let send!: (value: unknown) => Promise<void>;
  function Both() {
    useSignal('text', (value) => heard.push(value), { encoding: 'text' });
    useSignal('base64', (value) => heard.push(value));
    send = usePublish('text', { encoding: 'text' });
    return <output>{useConnection().status}</output>;
  }
  render(
    <SignalingProvider url={url}>
      <Both />
    </SignalingProvider>,
  );
  await vi.waitFor(() => expect(screen.getByText('open')).toBeDefined());
  await vi.waitFor(() => expect(hub.subscribers).toBe(1));
  await act(() => send('by itself'));
  await vi.waitFor(() => expect(heard).toEqual(['by itself']));
});

test('a driver made in render is warned of once, with its cause', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  onTestFinished(() => warn.mockRestore());
  const drivers: MemoryDriver[] = [];
  let again!: (count: number) => void;
  function App() {
    [, again] = useState(0);
    const driver = new MemoryDriver();
    drivers.push(driver);
    return <SignalingProvider driver={driver}>{null}</SignalingProvider>;
  }
  render(<App />);
  for (let count = 1; count <= 12; count++) act(() => again(count));
  for (const driver of drivers) driver.destroy();
  expect(warn).toHaveBeenCalledOnce();
  expect(String(warn.mock.calls[0]![0])).toMatch(
    /SignalingProvider.*outside of the component.*url/,
  );
});

test('a url that changes at every render is warned of once', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  onTestFinished(() => warn.mockRestore());
  const tree = (count: number) => (
    <SignalingProvider url={`http://127.0.0.1:9/?${count}`}>{null}</SignalingProvider>
  );
  const { rerender } = render(tree(0));
  for (let count = 1; count <= 12; count++) rerender(tree(count));
  expect(warn).toHaveBeenCalledOnce();
});

test.each([undefined, 42, ''])(
  'the topic %j in a hook is an error that names it',
  async (topic) => {
    const errors: SignalingError[] = [];
    let send!: (value: unknown) => Promise<void>;
    function Wrong() {
      useSignal(topic as string, () => {});
      send = usePublish(topic as string);
      return null;
    }
    const driver = openDriver();
    render(
      <SignalingProvider driver={driver} onError={(error) => errors.push(error)}>
        <Wrong />
      </SignalingProvider>,
    );
    await send(1).catch((error: SignalingError) => errors.push(error));
    expect(errors.map(({ code }) => code)).toEqual(['usage', 'usage']);
    for (const [index, hook] of ['useSignal', 'usePublish'].entries()) {
      const shown = topic === undefined ? 'undefined' : JSON.stringify(topic);
      expect(errors[index]!.message).toContain(`${hook} got the topic ${shown}.`);
      expect(errors[index]!.message).toContain('null means "not now"');
    }
  },
);
