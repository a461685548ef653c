import { act, renderHook, waitFor } from '@testing-library/react';
import { StrictMode, type ReactNode } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { json, MemoryDriver, MemoryHub } from '../../src/driver/index.js';
import { SignalingProvider } from '../../src/react/index.js';
import { useCall, type UseCallOptions } from '../../src/react/useCall.js';
import { FakeConnection } from './FakeConnection.js';

const ROOM = 'https://example.com/rooms/1';
const OTHER_ROOM = 'https://example.com/rooms/2';

let hub: MemoryHub;
let driver: MemoryDriver;
/** What the call said in a room, one line each. */
let said: string[];

beforeEach(() => {
  FakeConnection.install();
  hub = new MemoryHub();
  driver = new MemoryDriver(hub);
  said = [];
  driver.on('publish', (topic, bytes) => {
    const { type, name = '' }: any = json.decode(Uint8Array.from(bytes));
    if (type) said.push(`${type} ${name} in ${topic}`);
  });
});

afterEach(() => vi.unstubAllGlobals());

const wrapper = ({ children }: { children: ReactNode }) => (
  <SignalingProvider driver={driver}>{children}</SignalingProvider>
);

async function renderCall(initialProps: UseCallOptions) {
  const hook = renderHook((options: UseCallOptions) => useCall(options), { wrapper, initialProps });
  await waitFor(() => expect(hook.result.current.status).toBe('joined'));
  return hook;
}

test('is in the room while it is mounted', async () => {
  const { result, unmount } = renderHook(() => useCall({ room: ROOM, name: 'Ada' }), { wrapper });
  expect(result.current).toMatchObject({ status: 'joining', peers: [], error: undefined });
  await waitFor(() => expect(result.current.status).toBe('joined'));
  unmount();
  expect(said).toEqual([`hello Ada in ${ROOM}`, `bye  in ${ROOM}`]);
  expect(driver.connection.status).toBe('idle');
});

test('says who else is there', async () => {
  const { result } = await renderCall({ room: ROOM });
  const bob = new MemoryDriver(hub);
  await act(() => bob.publish(ROOM, json.encode({ type: 'hello', id: 'b1', name: 'Bob' })));
  await waitFor(() => expect(result.current.peers).toMatchObject([{ id: 'b1', name: 'Bob' }]));
  await act(() => bob.publish(ROOM, json.encode({ type: 'bye', id: 'b1' })));
  await waitFor(() => expect(result.current.peers).toEqual([]));
});

test('another room is left for, a new name or stream is not', async () => {
  const { rerender } = await renderCall({ room: ROOM, name: 'Ada' });
  rerender({
    room: ROOM,
    name: 'Ada L.',
    stream: { getTracks: () => [] } as unknown as MediaStream,
  });
  rerender({ room: OTHER_ROOM, name: 'Ada L.' });
  await waitFor(() =>
    expect(said).toEqual([
      `hello Ada in ${ROOM}`,
      `bye  in ${ROOM}`,
      `hello Ada L. in ${OTHER_ROOM}`,
    ]),
  );
});

test('`rtc` written inline joins once, other content joins anew', async () => {
  const rtc = (urls: string) => ({ iceServers: [{ urls }] });
  const { rerender } = await renderCall({ room: ROOM, rtc: rtc('stun:127.0.0.1') });
  rerender({ room: ROOM, rtc: rtc('stun:127.0.0.1') });
  expect(said).toEqual([`hello  in ${ROOM}`]);
  rerender({ room: ROOM, rtc: rtc('stun:127.0.0.2') });
  await waitFor(() => expect(said.slice(1)).toEqual([`bye  in ${ROOM}`, `hello  in ${ROOM}`]));
});

test('a room that is null is not entered', async () => {
  const { result, rerender } = await renderCall({ room: ROOM });
  rerender({ room: null });
  expect(result.current).toMatchObject({ status: 'idle', peers: [] });
  expect(said).toEqual([`hello  in ${ROOM}`, `bye  in ${ROOM}`]);
});

test('StrictMode says hello once', async () => {
  const { result } = renderHook(() => useCall({ room: ROOM }), {
    wrapper: ({ children }) => <StrictMode>{wrapper({ children })}</StrictMode>,
  });
  await waitFor(() => expect(result.current.status).toBe('joined'));
  expect(said).toEqual([`hello  in ${ROOM}`]);
});

test('the first offer has the stream of the first render', async () => {
  const track = { kind: 'audio' };
  await renderCall({ room: ROOM, stream: { getTracks: () => [track] } as unknown as MediaStream });
  const hello = json.encode({ type: 'hello', id: 'b1', name: 'Bob' });
  await act(() => new MemoryDriver(hub).publish(ROOM, hello));
  await waitFor(() => expect(FakeConnection.all.at(-1)?.added).toEqual([track]));
});

test('what went wrong is told, and may be tried again', async () => {
  vi.stubGlobal('RTCPeerConnection', undefined);
  const { result } = renderHook(() => useCall({ room: ROOM }), { wrapper });
  expect(result.current).toMatchObject({ status: 'left', error: { code: 'webrtc' } });
  FakeConnection.install();
  act(() => result.current.rejoin());
  await waitFor(() => expect(result.current.status).toBe('joined'));
  expect(result.current.error).toBeUndefined();
});

test('renders on a server, where nothing is opened', () => {
  const Page = () => <p>{useCall({ room: ROOM }).status}</p>;
  const subscribe = vi.spyOn(driver, 'subscribe');
  expect(renderToString(wrapper({ children: <Page /> }))).toBe('<p>joining</p>');
  expect(subscribe).not.toHaveBeenCalled();
});

test('needs a provider', () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  expect(() => renderHook(() => useCall({ room: ROOM }))).toThrow(
    expect.objectContaining({
      code: 'usage',
      message: expect.stringContaining('SignalingProvider'),
    }),
  );
});
