// @vitest-environment node
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  json,
  MemoryDriver,
  SignalingProvider,
  useConnection,
  useDriver,
  usePublish,
  useSignal,
} from '../../src/index.js';
import { logSubscriptions } from './support.js';

function App() {
  const { data, status } = useSignal('room');
  useSignal('room', () => {});
  usePublish('room');
  useDriver();
  const connection = useConnection();
  return <p>{[data, status, connection.status].join(' ')}</p>;
}

beforeEach(() => {
  vi.spyOn(console, 'error');
  vi.spyOn(globalThis, 'fetch');
});

afterEach(() => {
  vi.restoreAllMocks();
});

test('there is no page here', () => {
  expect(typeof document).toBe('undefined');
});

test.each([
  ['a url', { url: 'https://example.com/.well-known/mercure' }],
  ['a url that only a page can resolve', { url: '/hub' }],
  ['no url', {}],
])('with %s it renders, opens nothing and complains of nothing', async (_, props) => {
  vi.useFakeTimers();
  const html = renderToString(
    <SignalingProvider {...props}>
      <App />
    </SignalingProvider>,
  );
  expect(html).toBe('<p> idle idle</p>');
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  await new Promise(setImmediate);
  expect(fetch).not.toHaveBeenCalled();
  expect(console.error).not.toHaveBeenCalled();
});

test('with a driver that is already open it renders as if nothing were, and subscribes to nothing', async () => {
  const driver = new MemoryDriver();
  await driver.subscribe('room', () => {});
  const log = logSubscriptions(driver);
  const html = renderToString(
    <SignalingProvider driver={driver}>
      <App />
    </SignalingProvider>,
  );
  await driver.publish('room', json.encode(1));
  expect(html).toBe('<p> idle idle</p>');
  expect(log).toEqual([]);
});
