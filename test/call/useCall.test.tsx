import { act, renderHook, waitFor } from '@testing-library/react';
import { StrictMode, type ReactNode } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { json, MemoryDriver, MemoryHub } from '../../src/driver/index.js';
import type { Schema } from '../../src/driver/values.js';
import {
  SignalingProvider,
  useCall,
  useCallMessages,
  type UseCallOptions,
} from '../../src/react/index.js';
import { createFakeMedia, type FakeMedia } from '../../src/testing/index.js';

const ROOM = 'https://example.com/rooms/1';
const OTHER_ROOM = 'https://example.com/rooms/2';

let driver: MemoryDriver;
let media: FakeMedia;
/** The rooms in which hello was said. */
let greeted: string[];

beforeEach(() => {
  media = createFakeMedia();
  driver = new MemoryDriver(new MemoryHub());
  greeted = [];
  driver.on('publish', (topic) => greeted.push(topic));
});

afterEach(() => {
  vi.unstubAllGlobals();
  media.remove();
});

const wrapper = ({ children }: { children: ReactNode }) => (
  <SignalingProvider driver={driver}>{children}</SignalingProvider>
);

async function renderCall(initialProps: UseCallOptions) {
  const hook = renderHook((options: UseCallOptions) => useCall(options), { wrapper, initialProps });
  await waitFor(() => expect(hook.result.current.status).toBe('joined'));
  await waitFor(() => expect(greeted).toHaveLength(1));
  return hook;
}

test('is in the room while it is mounted', async () => {
  const { result, unmount } = await renderCall({ room: ROOM, name: 'Ada' });
  expect(result.current).toMatchObject({ peers: [], error: undefined });
  expect(result.current.id).toMatch(/^[\w-]{22}$/);
  unmount();
  expect(greeted).toEqual([ROOM]);
  expect(driver.connection.status).toBe('idle');
});

test('another room is left for; a new name, media, data or `rtc` is not', async () => {
  const { result, rerender } = await renderCall({ room: ROOM, name: 'Ada' });
  const { id, leave, rejoin, setData, connection, send, onMessage } = result.current;
  const off = { track: null, on: false };
  rerender({
    room: ROOM,
    name: 'Ada L.',
    media: { camera: off, microphone: off, screen: { stream: null } },
    data: { hand: true },
    rtc: { iceServers: [{ urls: 'stun:127.0.0.1' }] },
    budget: 1_000_000,
  });
  expect(result.current).toMatchObject({ id, status: 'joined' });
  expect(result.current).toMatchObject({ leave, rejoin, setData, connection, send, onMessage });
  rerender({ room: OTHER_ROOM, name: 'Ada L.' });
  await waitFor(() => expect(greeted).toEqual([ROOM, OTHER_ROOM]));
  expect(result.current.id).not.toBe(id);
});

test('a room that is null is not entered, one that is undefined is a mistake', async () => {
  const { result, rerender } = await renderCall({ room: ROOM });
  rerender({ room: null });
  expect(result.current).toMatchObject({ status: 'idle', id: undefined, peers: [] });
  vi.spyOn(console, 'error').mockImplementation(() => {});
  expect(() => rerender({ room: undefined as unknown as string })).toThrow(
    expect.objectContaining({ code: 'usage', message: expect.stringContaining('null') }),
  );
});

test('StrictMode says hello once', async () => {
  const { result } = renderHook(() => useCall({ room: ROOM }), {
    wrapper: ({ children }) => <StrictMode>{wrapper({ children })}</StrictMode>,
  });
  await waitFor(() => expect(result.current.status).toBe('joined'));
  await waitFor(() => expect(greeted).toEqual([ROOM]));
});

test('leaves and comes back', async () => {
  const { result } = await renderCall({ room: ROOM });
  act(() => result.current.leave());
  expect(result.current).toMatchObject({ status: 'left', id: undefined });
  act(() => result.current.rejoin());
  await waitFor(() => expect(result.current.status).toBe('joined'));
});

test('shows what went wrong, and may be tried again', async () => {
  vi.stubGlobal('RTCPeerConnection', undefined);
  const { result } = renderHook(() => useCall({ room: ROOM }), { wrapper });
  expect(result.current).toMatchObject({ status: 'left', error: { code: 'webrtc' } });
  vi.unstubAllGlobals();
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

test('messages are listed in order, the last of them, and anew in another room', async () => {
  const { result, rerender } = renderHook(
    ({ room }) => {
      const call = useCall({ room, name: 'Ada' });
      return { call, ...useCallMessages<number>(call, 'chat', { last: 3 }) };
    },
    { wrapper, initialProps: { room: ROOM } },
  );
  await waitFor(() => expect(result.current.call.status).toBe('joined'));
  const { send } = result.current;
  act(() => [1, 2, 3, 4].forEach((number) => send(number)));
  expect(result.current.messages.map(({ body }) => body)).toEqual([2, 3, 4]);
  expect(new Set(result.current.messages.map(({ id }) => id)).size).toBe(3);
  expect(result.current.messages[0]).toMatchObject({ own: true, name: 'Ada' });
  expect(result.current.send).toBe(send);
  rerender({ room: OTHER_ROOM });
  expect(result.current.messages).toEqual([]);
});

test('a message that does not fit the schema is an error, and no message', async () => {
  const { result } = renderHook(
    () => {
      const call = useCall({ room: ROOM });
      return { call, ...useCallMessages(call, 'numbers', { schema: numbers() }) };
    },
    { wrapper },
  );
  await waitFor(() => expect(result.current.call.status).toBe('joined'));
  const { call, send } = result.current;
  act(() => call.send('numbers', 'seven'));
  expect(result.current).toMatchObject({ messages: [], error: { code: 'schema' } });
  act(() => send(7));
  expect(result.current.messages.map(({ body }) => body)).toEqual([7]);
  expect(result.current).toMatchObject({ send, error: undefined });
});

/** A Standard Schema of numbers, another one at each render. */
function numbers(): Schema<number> {
  const validate = (value: unknown) =>
    typeof value === 'number' ? { value } : { issues: [{ message: 'No number.' }] };
  return { '~standard': { version: 1, vendor: 'test', validate } };
}

test('junk in the room is no error', async () => {
  const { result } = await renderCall({ room: ROOM });
  await act(() => driver.publish(ROOM, json.encode({ type: 'greetings' })));
  await act(() => driver.publish(ROOM, Uint8Array.of(0xff)));
  expect(result.current).toMatchObject({ status: 'joined', error: undefined, peers: [] });
});
