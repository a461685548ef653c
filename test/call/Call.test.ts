import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Call, PEER_GRACE, type CallOptions } from '../../src/call/index.js';
import { json, MemoryDriver, MemoryHub, SignalingError } from '../../src/driver/index.js';
import { FakeConnection } from './FakeConnection.js';

const ROOM = 'https://example.com/rooms/1';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('without WebRTC', () => {
  test('joining says what to do, and opens nothing', () => {
    const driver = new MemoryDriver();
    const call = new Call({ driver, room: ROOM });
    call.join();
    expect(call.state).toMatchObject({
      status: 'left',
      error: { code: 'webrtc', message: expect.stringContaining('browser') },
    });
    expect(driver.connection.status).toBe('idle');
  });
});

describe('with a hub that refuses', () => {
  beforeEach(() => FakeConnection.install());

  test('joining fails with its error, and may be tried again', async () => {
    const driver = new MemoryDriver();
    const refusal = new SignalingError('unauthorized', 'No.');
    vi.spyOn(driver, 'subscribe').mockRejectedValueOnce(refusal);
    const unsubscribe = vi.spyOn(driver, 'unsubscribe');
    const call = new Call({ driver, room: ROOM });
    call.join();
    await vi.waitFor(() => expect(call.state).toMatchObject({ status: 'left', error: refusal }));
    expect(unsubscribe).toHaveBeenCalledTimes(2);
    expect(driver.connection.status).toBe('idle');

    call.join();
    await vi.waitFor(() => expect(call.state).toMatchObject({ status: 'joined' }));
    expect(call.state.error).toBeUndefined();
  });
});

describe('a peer', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    FakeConnection.install();
  });

  /** A call, and its connection to one who has said hello. */
  async function meet(options: Partial<CallOptions> = {}) {
    const hub = new MemoryHub();
    const call = new Call({ driver: new MemoryDriver(hub), room: ROOM, ...options });
    call.join();
    await vi.waitFor(() => expect(call.state.status).toBe('joined'));
    const hello = json.encode({ type: 'hello', id: 'b1', name: 'Bob' });
    await new MemoryDriver(hub).publish(ROOM, hello);
    await vi.waitFor(() => expect(call.state.peers).toHaveLength(1));
    return { call, connection: FakeConnection.all.at(-1)! };
  }

  test('that is out of reach for a moment stays on the roster', async () => {
    const { call, connection } = await meet();
    connection.become('connected');
    connection.become('disconnected');
    expect(call.state.peers).toMatchObject([{ state: 'disconnected' }]);
    vi.advanceTimersByTime(PEER_GRACE - 1);
    connection.become('connected');
    vi.advanceTimersByTime(PEER_GRACE);
    expect(call.state.peers).toMatchObject([{ state: 'connected' }]);
  });

  test('that vanishes is taken off the roster after the grace', async () => {
    const { call, connection } = await meet();
    connection.become('connected');
    vi.advanceTimersByTime(PEER_GRACE);
    connection.become('disconnected');
    vi.advanceTimersByTime(PEER_GRACE / 2);
    connection.become('failed');
    vi.advanceTimersByTime(PEER_GRACE / 2 - 1);
    expect(call.state.peers).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(call.state).toMatchObject({ peers: [], error: undefined });
    expect(connection.signalingState).toBe('closed');
  });

  test('whose connection failed is looked for on another path', async () => {
    const { connection } = await meet();
    connection.become('connected');
    connection.become('disconnected');
    expect(connection.restartIce).not.toHaveBeenCalled();
    connection.become('failed');
    expect(connection.restartIce).toHaveBeenCalledOnce();
  });

  test('keeps its snapshot while nothing of it changes', async () => {
    const { call, connection } = await meet();
    const [before] = call.state.peers;
    call.setName('Ada');
    connection.become('connecting');
    expect(call.state.peers[0]).toBe(before);
    connection.become('connected');
    expect(call.state.peers[0]).not.toBe(before);
    expect(before).toMatchObject({ state: 'connecting' });
  });

  test('leaves no connection, no listener and no timer behind', async () => {
    const listening = vi.spyOn(globalThis, 'addEventListener');
    const { call, connection } = await meet();
    const signals = listening.mock.calls.map(
      ([, , options]) => (options as { signal: AbortSignal }).signal,
    );
    expect(signals).not.toHaveLength(0);
    call.leave();
    expect(connection.signalingState).toBe('closed');
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is met with the configuration that was given', async () => {
    const rtc = { iceServers: [{ urls: 'stun:127.0.0.1' }] };
    const { connection } = await meet({ rtc });
    expect(connection.configuration).toMatchObject(rtc);
  });

  test('is met without any server where none was given', async () => {
    const { connection } = await meet();
    expect(connection.configuration?.iceServers).toBeUndefined();
  });
});
