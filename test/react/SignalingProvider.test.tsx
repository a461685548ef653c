import { act, render, screen, waitFor } from '@testing-library/react';
import { StrictMode, useEffect } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, expect, test, vi } from 'vitest';
import {
  json,
  MemoryDriver,
  SignalingProvider,
  useConnection,
  useDriver,
  usePublish,
  useSignal,
  type Driver,
} from '../../src/index.js';
import { logSubscriptions, openHub, publish, spyOnFetch } from './support.js';

const A_MOMENT = 5_000;

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function Latest({ topic }: { topic: string }) {
  const { data, status } = useSignal<number>(topic);
  return <output aria-label={topic}>{`${data} ${status}`}</output>;
}

const shows = (topic: string, text: string) =>
  waitFor(() => expect(screen.getByLabelText(topic).textContent).toBe(text), { timeout: 3_000 });

/** Collects the drivers that the provider above has had. */
function Collector({ drivers }: { drivers: Set<Driver> }) {
  drivers.add(useDriver());
  return null;
}

test.each<[hook: string, use: () => unknown]>([
  ['useSignal', () => useSignal('room')],
  ['usePublish', () => usePublish('room')],
  ['useConnection', () => useConnection()],
  ['useDriver', () => useDriver()],
])('%s without a provider above throws an error that names it', (hook, use) => {
  function Orphan() {
    use();
    return null;
  }
  const error = expect.objectContaining({
    name: 'SignalingError',
    code: 'usage',
    message: expect.stringMatching(new RegExp(`^${hook} .*<SignalingProvider>`)),
  });
  expect(() => renderToString(<Orphan />)).toThrow(error);
});

test('opens nothing until somebody listens, in StrictMode too, and then one stream', async () => {
  const { url, hub } = await openHub();
  const { fetch, methods } = spyOnFetch();
  const drivers = new Set<Driver>();
  const tree = (listens: boolean) => (
    <StrictMode>
      <SignalingProvider url={url} fetch={fetch}>
        <Collector drivers={drivers} />
        {listens && <Latest topic="room" />}
      </SignalingProvider>
    </StrictMode>
  );
  const { rerender } = render(tree(false));
  const [driver] = drivers;
  await act(() => driver!.publish('room', json.encode(1)));
  expect(methods()).toEqual(['POST']);
  rerender(tree(true));
  await shows('room', 'undefined open');
  hub.publish({ topics: ['room'], data: btoa('2') });
  await shows('room', '2 open');
  expect(methods()).toEqual(['POST', 'GET']);
  expect(hub.subscribers).toBe(1);
});

test('listens to many topics on one stream of a hub that names them', async () => {
  const { url, hub } = await openHub();
  const topics = Array.from({ length: 20 }, (_, number) => `room ${number}`);
  render(
    <SignalingProvider url={url}>
      {topics.map((topic) => (
        <Latest key={topic} topic={topic} />
      ))}
    </SignalingProvider>,
  );
  for (const topic of topics) await shows(topic, 'undefined open');
  expect(hub.subscribers).toBe(1);
  hub.publish({ topics: ['room 7'], data: btoa('1') });
  await shows('room 7', '1 open');
  await shows('room 8', 'undefined open');
});

test('without a url it uses the hub of this origin', async () => {
  const { fetch, sent } = spyOnFetch();
  const drivers = new Set<Driver>();
  render(
    <SignalingProvider timeout={10} fetch={fetch}>
      <Collector drivers={drivers} />
    </SignalingProvider>,
  );
  const [driver] = drivers;
  await driver!.publish('room', json.encode(1)).catch(() => {});
  expect(sent[0]!.url.href).toBe(`${location.origin}/.well-known/mercure`);
});

test('makes one driver per mount, whatever else changes', () => {
  const drivers = new Set<Driver>();
  const tree = (count: number) => (
    <SignalingProvider
      url={new URL('https://example.com/hub')}
      publisher={{ headers: { count: `${count}` } }}
      subscriber={() => ({ headers: { count: `${count}` } })}
      retry={{ base: count }}
      onError={() => {}}
    >
      <Collector drivers={drivers} />
    </SignalingProvider>
  );
  const { rerender, unmount } = render(tree(1));
  rerender(tree(2));
  expect(drivers.size).toBe(1);
  unmount();
  render(tree(1));
  expect(drivers.size).toBe(2);
});

test('after unmounting, no stream is left and the driver is destroyed', async () => {
  const { url, hub } = await openHub();
  const drivers = new Set<Driver>();
  const { unmount } = render(
    <SignalingProvider url={url}>
      <Collector drivers={drivers} />
      <Latest topic="room" />
    </SignalingProvider>,
  );
  await shows('room', 'undefined open');
  unmount();
  await vi.waitFor(() => expect(hub.subscribers).toBe(0), A_MOMENT);
  const [driver] = drivers;
  await vi.waitFor(() => expect(driver!.connection.status).toBe('closed'), A_MOMENT);
  await expect(driver!.publish('room', json.encode(1))).rejects.toMatchObject({
    code: 'destroyed',
  });
});

test.each(['open', 'waiting to reconnect'])(
  'after unmounting, no timer is left of a stream that is %s',
  async (state) => {
    vi.useFakeTimers();
    // A back-off that is drawn too short ends while it is looked at.
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const signals: AbortSignal[] = [];
    const scripted: typeof fetch = async (_, init) => {
      const signal = init!.signal!;
      signals.push(signal);
      if (state !== 'open') return new Response('', { status: 503 });
      const body = new ReadableStream({
        start: (stream) => signal.addEventListener('abort', () => stream.error(signal.reason)),
      });
      return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
    };
    const { unmount } = render(
      <SignalingProvider url="https://example.com/hub" fetch={scripted} onError={() => {}}>
        <Latest topic="room" />
      </SignalingProvider>,
    );
    const status = state === 'open' ? 'undefined open' : 'undefined reconnecting';
    await vi.waitFor(() => expect(screen.getByLabelText('room').textContent).toBe(status));
    expect(vi.getTimerCount()).toBeGreaterThan(0);
    unmount();
    await vi.advanceTimersByTimeAsync(A_MOMENT);
    expect(vi.getTimerCount()).toBe(0);
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
    const attempts = signals.length;
    await vi.advanceTimersByTimeAsync(100 * A_MOMENT);
    expect(signals.length).toBe(attempts);
  },
);

test('a new url takes a new driver and moves the subscriptions there', async () => {
  const [one, two] = [await openHub(), await openHub()];
  const drivers = new Set<Driver>();
  const tree = (url: string) => (
    <SignalingProvider url={url}>
      <Collector drivers={drivers} />
      <Latest topic="room" />
    </SignalingProvider>
  );
  const { rerender } = render(tree(one.url));
  await shows('room', 'undefined open');
  one.hub.publish({ topics: ['room'], data: btoa('1') });
  await shows('room', '1 open');
  rerender(tree(two.url));
  await shows('room', 'undefined open');
  expect(two.hub.subscribers).toBe(1);
  two.hub.publish({ topics: ['room'], data: btoa('2') });
  await shows('room', '2 open');
  await vi.waitFor(() => expect(one.hub.subscribers).toBe(0), A_MOMENT);
  expect(drivers.size).toBe(2);
});

const credentials: [string, (value: string) => any][] = [
  ['values', (value) => ({ headers: { 'X-Credential': value } })],
  ['Headers', (value) => ({ headers: new Headers({ 'X-Credential': value }) })],
  ['functions', (value) => () => ({ headers: { 'X-Credential': value } })],
  ['asynchronous functions', (value) => async () => ({ headers: { 'X-Credential': value } })],
];

test.each(credentials)(
  'new publisher and subscriber %s count from the next request on, without reconnecting',
  async (_, credential) => {
    const { url, hub } = await openHub();
    const { fetch, sent } = spyOnFetch();
    const requests = () =>
      sent.map(({ method, headers }) => `${method} ${headers.get('X-Credential')}`);
    const drivers = new Set<Driver>();
    const tree = (value: string) => (
      <SignalingProvider
        url={url}
        fetch={fetch}
        publisher={credential(`publisher ${value}`)}
        subscriber={credential(`subscriber ${value}`)}
        retry={{ base: 10 }}
      >
        <Collector drivers={drivers} />
        <Latest topic="room" />
      </SignalingProvider>
    );
    const { rerender } = render(tree('one'));
    await shows('room', 'undefined open');
    rerender(tree('two'));
    const [driver] = drivers;
    await publish(driver!, 'room', 1);
    await shows('room', '1 open');
    expect(requests()).toEqual(['GET subscriber one', 'POST publisher two']);
    hub.disrupt({ streams: 'end' });
    await vi.waitFor(() => expect(requests()).toHaveLength(3));
    expect(requests().at(-1)).toBe('GET subscriber two');
    expect(drivers.size).toBe(1);
  },
);

test('what is published while the provider unmounts goes out', async () => {
  const { url } = await openHub();
  const observer = new Set<Driver>();
  const heard: unknown[] = [];
  function Observer() {
    useSignal('room', (value) => heard.push(value));
    return null;
  }
  render(
    <SignalingProvider url={url}>
      <Collector drivers={observer} />
      <Observer />
    </SignalingProvider>,
  );
  const [observing] = observer;
  await vi.waitFor(() => expect(observing!.active).toBe(true));

  function Guest() {
    const publish = usePublish('room');
    useEffect(
      () => () => {
        void publish('leave');
      },
      [publish],
    );
    return null;
  }
  const { unmount } = render(
    <SignalingProvider url={url}>
      <Guest />
    </SignalingProvider>,
  );
  unmount();
  await vi.waitFor(() => expect(heard).toEqual(['leave']));
});

test('what the hub has not taken when the provider unmounts is not given up', async () => {
  const { url, hub } = await openHub();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  let letThrough = () => {};
  const held = new Promise<void>((resolve) => (letThrough = resolve));
  const slow: typeof fetch = async (input, init) => {
    if (init!.method === 'POST') await held;
    return fetch(input, init);
  };
  const drivers = new Set<Driver>();
  const { unmount } = render(
    <SignalingProvider url={url} fetch={slow}>
      <Collector drivers={drivers} />
      <Latest topic="room" />
    </SignalingProvider>,
  );
  const [driver] = drivers;
  const published = driver!.publish('room', json.encode('bye'));
  unmount();
  await vi.advanceTimersByTimeAsync(A_MOMENT);
  expect(driver!.connection.status).not.toBe('closed');
  letThrough();
  await published;
  await vi.advanceTimersByTimeAsync(A_MOMENT);
  expect(driver!.connection.status).toBe('closed');
  expect(hub.subscribers).toBe(0);
});

test('a borrowed driver is never destroyed', async () => {
  vi.useFakeTimers();
  const driver = new MemoryDriver();
  const { unmount } = render(
    <StrictMode>
      <SignalingProvider driver={driver}>
        <Latest topic="room" />
      </SignalingProvider>
    </StrictMode>,
  );
  unmount();
  await vi.advanceTimersByTimeAsync(A_MOMENT);
  expect(driver.connection.status).toBe('idle');
  await driver.publish('room', json.encode(1));
});

test('another borrowed driver takes over the subscriptions', async () => {
  vi.useFakeTimers();
  const [one, two] = [new MemoryDriver(), new MemoryDriver()];
  const [logOne, logTwo] = [logSubscriptions(one), logSubscriptions(two)];
  const tree = (driver: Driver) => (
    <SignalingProvider driver={driver}>
      <Latest topic="room" />
    </SignalingProvider>
  );
  const { rerender } = render(tree(one));
  rerender(tree(two));
  await vi.advanceTimersByTimeAsync(A_MOMENT);
  expect(logOne).toEqual(['+room', '-room']);
  expect(logTwo).toEqual(['+room']);
  await publish(two, 'room', 2);
  expect(screen.getByLabelText('room').textContent).toBe('2 open');
});

test('a provider may change from a driver of its own to a borrowed one', async () => {
  const { url, hub } = await openHub();
  const driver = new MemoryDriver();
  const { rerender } = render(
    <SignalingProvider url={url}>
      <Latest topic="room" />
    </SignalingProvider>,
  );
  await shows('room', 'undefined open');
  rerender(
    <SignalingProvider driver={driver}>
      <Latest topic="room" />
    </SignalingProvider>,
  );
  await vi.waitFor(() => expect(hub.subscribers).toBe(0), A_MOMENT);
  await publish(driver, 'room', 1);
  await shows('room', '1 open');
});

test('an inner provider has a driver of its own', async () => {
  const [outer, inner] = [new MemoryDriver(), new MemoryDriver()];
  render(
    <SignalingProvider driver={outer}>
      <Latest topic="outer" />
      <SignalingProvider driver={inner}>
        <Latest topic="inner" />
      </SignalingProvider>
    </SignalingProvider>,
  );
  await publish(outer, 'outer', 1);
  await publish(outer, 'inner', 2);
  await publish(inner, 'inner', 3);
  await shows('outer', '1 open');
  await shows('inner', '3 open');
});

test.each([
  ['HTML', () => new Response('<!doctype html>', { headers: { 'Content-Type': 'text/html' } })],
  ['a 404', () => new Response('', { status: 404 })],
  ['a 405', () => new Response('', { status: 405 })],
])('a url that answers %s is said to be no hub, once', async (_, answer) => {
  const onError = vi.fn();
  const fetch = vi.fn(async () => answer());
  render(
    <SignalingProvider url="https://example.com/" fetch={fetch} onError={onError}>
      <Latest topic="room" />
    </SignalingProvider>,
  );
  await shows('room', 'undefined closed');
  expect(onError.mock.calls).toEqual([[expect.objectContaining({ code: 'not-a-hub' })]]);
  expect(fetch).toHaveBeenCalledOnce();
});

test('an update that does not decode is told to onError, and the others are served', async () => {
  const { url, hub } = await openHub();
  const onError = vi.fn();
  render(
    <SignalingProvider url={url} onError={onError}>
      <Latest topic="room" />
    </SignalingProvider>,
  );
  await shows('room', 'undefined open');
  hub.publish({ topics: ['room'], data: 'no base64!' });
  hub.publish({ topics: ['room'], data: btoa('1') });
  await shows('room', '1 open');
  expect(onError.mock.calls).toEqual([
    [expect.objectContaining({ code: 'decode', topic: 'room' })],
  ]);
});

test('without onError, what nobody was told is reported to the page', async () => {
  const report = vi.fn();
  vi.stubGlobal('reportError', report);
  const driver = new MemoryDriver();
  render(
    <SignalingProvider driver={driver}>
      <Latest topic="" />
    </SignalingProvider>,
  );
  await waitFor(() => expect(report).toHaveBeenCalledOnce());
  expect(report.mock.calls[0]![0]).toMatchObject({ name: 'SignalingError', code: 'usage' });
  vi.unstubAllGlobals();
});
