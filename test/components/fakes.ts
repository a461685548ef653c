import { vi } from 'vitest';
import type { CallMessage, LocalDevice, LocalMedia, Peer } from '../../src/call/index.js';

/** What jsdom lacks of a stream: as much as the components look at, which is that it is one. */
export function fakeStream(): MediaStream {
  return new EventTarget() as MediaStream;
}

export function fakeDevice(change: Partial<LocalDevice> = {}): LocalDevice {
  return {
    on: true,
    status: 'on',
    error: undefined,
    track: null,
    stream: fakeStream(),
    devices: [],
    deviceId: undefined,
    set: vi.fn(),
    select: vi.fn(),
    process: vi.fn(),
    ...change,
  };
}

/** What `useLocalMedia` returns where microphone and camera are on. */
export function fakeMedia(change: Partial<LocalMedia> = {}): LocalMedia {
  return {
    camera: fakeDevice(),
    microphone: fakeDevice(),
    screen: { on: false, error: undefined, stream: null, start: vi.fn(), stop: vi.fn() },
    speaker: { devices: [], deviceId: undefined, select: vi.fn() },
    ...change,
  };
}

export function fakePeer(change: Partial<Peer> = {}): Peer {
  return {
    id: 'bo',
    name: 'Bo',
    data: undefined,
    state: 'connected',
    camera: fakeStream(),
    screen: null,
    muted: { camera: false, microphone: false },
    ...change,
  };
}

let messages = 0;

export function fakeMessage(body: string, change: Partial<CallMessage<string>> = {}) {
  messages += 1;
  return {
    id: String(messages),
    from: 'bo',
    name: 'Bo',
    own: false,
    to: undefined,
    at: 0,
    body,
    ...change,
  };
}
