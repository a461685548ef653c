import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Call } from '../../src/call/index.js';
import { MemoryDriver, SignalingError } from '../../src/driver/index.js';
import { createFakeMedia, type FakeMedia } from '../../src/testing/index.js';

const ROOM = 'https://example.com/rooms/1';

let media: FakeMedia;

beforeEach(() => {
  media = createFakeMedia();
});

afterEach(() => {
  vi.unstubAllGlobals();
  media.remove();
});

test.each([undefined, '', 7])('a room that is no topic is a usage error: %s', (room) => {
  const options = { driver: new MemoryDriver(), room: room as string };
  expect(() => new Call(options)).toThrow(expect.objectContaining({ code: 'usage' }));
});

describe('joining says what to do, and opens nothing', () => {
  test.each([
    ['without WebRTC', 'RTCPeerConnection', 'webrtc', 'browser'],
    ['on a page that is not secure', 'crypto', 'usage', 'https'],
  ])('%s', (_where, missing, code, advice) => {
    vi.stubGlobal(missing, undefined);
    const driver = new MemoryDriver();
    const call = new Call({ driver, room: ROOM });
    call.join();
    expect(call.state).toMatchObject({
      status: 'left',
      error: { code, message: expect.stringContaining(advice) },
    });
    expect(driver.connection.status).toBe('idle');
  });
});

test('joining fails with the error of the hub, and may be tried again', async () => {
  const driver = new MemoryDriver();
  const refusal = new SignalingError('unauthorized', 'No.');
  vi.spyOn(driver, 'subscribe').mockRejectedValueOnce(refusal);
  const call = new Call({ driver, room: ROOM });
  call.join();
  await vi.waitFor(() => expect(call.state).toMatchObject({ status: 'left', error: refusal }));
  expect(driver.connection.status).toBe('idle');

  call.join();
  await vi.waitFor(() => expect(call.state).toMatchObject({ status: 'joined' }));
  expect(call.state.error).toBeUndefined();
  call.leave();
});

test('a call is one subscription, also with a secret', async () => {
  for (const secret of [undefined, 'a secret']) {
    const driver = new MemoryDriver();
    const subscribe = vi.spyOn(driver, 'subscribe');
    const call = new Call({ driver, room: ROOM, secret });
    call.join();
    await vi.waitFor(() => expect(call.state.status).toBe('joined'));
    expect(subscribe).toHaveBeenCalledOnce();
    call.leave();
    expect(driver.connection.status).toBe('idle');
  }
});

test('publishes in private where it is asked to', async () => {
  const driver = new MemoryDriver();
  const publish = vi.spyOn(driver, 'publish');
  const call = new Call({ driver, room: ROOM, private: true });
  call.join();
  await vi.waitFor(() => expect(publish).toHaveBeenCalled());
  expect(publish.mock.calls[0]![2]).toEqual({ private: true });
  call.leave();
});

test('leaves no listener and no timer behind', async () => {
  const added = vi.spyOn(globalThis, 'addEventListener');
  const removed = vi.spyOn(globalThis, 'removeEventListener');
  const clear = vi.spyOn(globalThis, 'clearInterval');
  const call = new Call({ driver: new MemoryDriver(), room: ROOM });
  call.join();
  await vi.waitFor(() => expect(call.state.status).toBe('joined'));
  const listeners = added.mock.calls.map(([name, listener]) => [name, listener]);
  expect(listeners).not.toHaveLength(0);
  call.leave();
  expect(removed.mock.calls).toEqual(expect.arrayContaining(listeners));
  expect(clear).toHaveBeenCalledOnce();
});
