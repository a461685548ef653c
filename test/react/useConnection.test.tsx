import { render, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import {
  json,
  MemoryDriver,
  SignalingProvider,
  SseDriver,
  useConnection,
  useSignal,
  type SignalingError,
} from '../../src/index.js';
import { openHub } from './support.js';

function Connection() {
  const { status, error, reconnect } = useConnection();
  return (
    <button aria-label="connection" onClick={reconnect}>
      {`${status} ${error?.code}`}
    </button>
  );
}

function Latest({ topic }: { topic: string }) {
  const { data, status, error } = useSignal<number>(topic);
  return <output aria-label={topic}>{`${data} ${status} ${error?.code}`}</output>;
}

const shown = (label: string) => screen.getByLabelText(label).textContent;
const shows = (label: string, text: string) =>
  waitFor(() => expect(shown(label)).toBe(text), { timeout: 3_000 });

test('follows the connection from idle to open and back', async () => {
  const { url } = await openHub();
  const driver = new SseDriver({ url });
  const seen: string[] = [];
  function Watcher() {
    const { status } = useConnection();
    if (seen.at(-1) !== status) seen.push(status);
    return null;
  }
  const tree = (topic: string | null) => (
    <SignalingProvider driver={driver}>
      <Watcher />
      {topic && <Latest topic={topic} />}
    </SignalingProvider>
  );
  const { rerender } = render(tree(null));
  rerender(tree('room'));
  await vi.waitFor(() => expect(seen).toEqual(['idle', 'connecting', 'open']));
  rerender(tree(null));
  await vi.waitFor(() => expect(seen).toEqual(['idle', 'connecting', 'open', 'idle']), 5_000);
  driver.destroy();
});

test('tells what is queued, how many attempts failed and when the next one is due', async () => {
  const { url, hub } = await openHub();
  hub.disrupt({ refuse: 503 });
  const driver = new SseDriver({ url, retry: { base: 60_000, max: 60_000 }, timeout: 600_000 });
  let connection!: ReturnType<typeof useConnection>;
  function Watcher() {
    connection = useConnection();
    return null;
  }
  render(
    <SignalingProvider driver={driver} onError={() => {}}>
      <Watcher />
      <Latest topic="room" />
    </SignalingProvider>,
  );
  await waitFor(() => expect(connection.status).toBe('reconnecting'));
  const published = driver.publish('room', json.encode(1));
  await waitFor(() => expect(connection.queued).toBe(1));
  expect(connection).toMatchObject({ attempt: 1, error: { code: 'unreachable', status: 503 } });
  expect(connection.retryAt).toBeGreaterThan(Date.now() - 1_000);
  hub.disrupt({});
  connection.reconnect();
  await published;
  await waitFor(() => {
    expect(connection).toMatchObject({ status: 'open', error: undefined, attempt: 0, queued: 0 });
  });
  driver.destroy();
});

test('renders only when it has changed', async () => {
  const driver = new MemoryDriver();
  const seen = new Set<ReturnType<typeof useConnection>>();
  function Watcher() {
    seen.add(useConnection());
    return null;
  }
  const tree = () => (
    <SignalingProvider driver={driver}>
      <Watcher />
    </SignalingProvider>
  );
  const { rerender } = render(tree());
  rerender(tree());
  await driver.publish('room', json.encode(1));
  expect(seen.size).toBe(1);
});

test('a subscription that is refused is closed with its error, and tried again on reconnect', async () => {
  const { url, hub } = await openHub();
  hub.disrupt({ refuse: 401 });
  const onError = vi.fn<(error: SignalingError) => void>();
  render(
    <SignalingProvider url={url} onError={onError}>
      <Connection />
      <Latest topic="room" />
    </SignalingProvider>,
  );
  await shows('room', 'undefined closed unauthorized');
  expect(shown('connection')).toBe('closed unauthorized');
  expect(onError.mock.calls.map(([{ code }]) => code)).toEqual(['unauthorized']);

  hub.disrupt({});
  await userEvent.click(screen.getByLabelText('connection'));
  await shows('room', 'undefined open undefined');
  expect(shown('connection')).toBe('open undefined');
  hub.publish({ topics: ['room'], data: btoa('1') });
  await shows('room', '1 open undefined');
});

test('a subscription that is refused later is closed too, and tried again on reconnect', async () => {
  const { url, hub } = await openHub();
  const onError = vi.fn<(error: SignalingError) => void>();
  render(
    <SignalingProvider url={url} retry={{ base: 10 }} onError={onError}>
      <Connection />
      <Latest topic="room" />
    </SignalingProvider>,
  );
  await shows('room', 'undefined open undefined');
  hub.disrupt({ streams: 'end', refuse: 403 });
  await shows('room', 'undefined closed unauthorized');
  expect(onError.mock.calls.map(([{ code }]) => code)).toEqual(['unauthorized']);

  hub.disrupt({});
  await userEvent.click(screen.getByLabelText('connection'));
  await shows('room', 'undefined open undefined');
  hub.publish({ topics: ['room'], data: btoa('1') });
  await shows('room', '1 open undefined');
});

test('one topic that is refused says so, and the others stay open without an error', async () => {
  const { url, hub } = await openHub();
  const refusing: typeof fetch = async (input, init) =>
    `${input as URL}`.includes('forbidden')
      ? new Response('Unauthorized', { status: 401 })
      : fetch(input, init);
  render(
    <SignalingProvider url={url} fetch={refusing} onError={() => {}}>
      <Latest topic="room" />
      <Latest topic="forbidden" />
    </SignalingProvider>,
  );
  await shows('forbidden', 'undefined closed unauthorized');
  await shows('room', 'undefined open undefined');
  hub.publish({ topics: ['room'], data: btoa('1') });
  await shows('room', '1 open undefined');
});

test('an empty topic is closed with an error that says so, and stops nobody', async () => {
  const driver = new MemoryDriver();
  const onError = vi.fn<(error: SignalingError) => void>();
  function Empty() {
    const { status, error } = useSignal('');
    return <output aria-label="empty">{`${status} ${error?.code}`}</output>;
  }
  render(
    <SignalingProvider driver={driver} onError={onError}>
      <Empty />
      <Latest topic="room" />
    </SignalingProvider>,
  );
  await shows('empty', 'closed usage');
  await shows('room', 'undefined open undefined');
  expect(onError.mock.calls.map(([{ code }]) => code)).toEqual(['usage']);
});

test('a credential that was wrong and is put right is used on reconnect', async () => {
  const { url, hub } = await openHub();
  const guarded: typeof fetch = async (input, init) =>
    new Headers(init?.headers).get('X-Key') === 'right'
      ? fetch(input, init)
      : new Response('Unauthorized', { status: 401 });
  const tree = (key: string) => (
    <SignalingProvider
      url={url}
      fetch={guarded}
      subscriber={{ headers: { 'X-Key': key } }}
      onError={() => {}}
    >
      <Connection />
      <Latest topic="room" />
    </SignalingProvider>
  );
  const { rerender } = render(tree('wrong'));
  await shows('room', 'undefined closed unauthorized');
  rerender(tree('right'));
  expect(shown('room')).toBe('undefined closed unauthorized');
  await userEvent.click(screen.getByLabelText('connection'));
  await shows('room', 'undefined open undefined');
  expect(hub.subscribers).toBe(1);
});

test('one topic that is refused later says so, while the others stay open', async () => {
  const { url, hub } = await openHub({ topics: false });
  let forbids = false;
  const refusing: typeof fetch = async (input, init) =>
    forbids && `${input as URL}`.includes('forbidden')
      ? new Response('Unauthorized', { status: 401 })
      : fetch(input, init);
  render(
    <SignalingProvider url={url} fetch={refusing} retry={{ base: 10 }} onError={() => {}}>
      <Latest topic="allowed" />
      <Latest topic="forbidden" />
    </SignalingProvider>,
  );
  await shows('allowed', 'undefined open undefined');
  await shows('forbidden', 'undefined open undefined');
  forbids = true;
  hub.disrupt({ streams: 'end' });
  await shows('forbidden', 'undefined closed unauthorized');
  await shows('allowed', 'undefined open undefined');
});
