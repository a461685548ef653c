import { afterEach, expect } from 'vitest';
import { Call, type CallOptions, type Peer, type SentMedia } from '../../src/call/index.js';
import { json, MemoryDriver, type Bytes, type MemoryHub } from '../../src/driver/index.js';
import { movingPicture, type Colour } from './pictures.js';

export const ROOM = 'https://example.com/rooms/1';
export const SOON = { timeout: 10_000 };

const undos: (() => void)[] = [];

/** Done after the test. */
export function after(undo: () => void): void {
  undos.push(undo);
}

afterEach(() => {
  for (const undo of undos.splice(0)) undo();
});

/** A camera that shows a picture in one colour, and no microphone. */
export function camera(colour: Colour): SentMedia {
  const { stream, stop } = movingPicture(colour);
  after(stop);
  return {
    camera: { track: stream.getVideoTracks()[0]!, on: true },
    microphone: { track: null, on: false },
    screen: { stream: null },
  };
}

/** A screen that shows a picture in one colour. */
export function screen(colour: Colour): SentMedia['screen'] {
  const { stream, stop } = movingPicture(colour);
  after(stop);
  return { stream };
}

export interface Member {
  call: Call;
  driver: MemoryDriver;
  /** What they have published; a signal that is sealed is `{}`. */
  published: any[];
}

/** Somebody who is not in the room yet. */
export function member(hub: MemoryHub, options: Partial<Omit<CallOptions, 'driver'>> = {}): Member {
  const driver = new MemoryDriver(hub);
  const published: any[] = [];
  driver.on('publish', (_topic, data) => {
    void Promise.resolve(data).then((bytes) => published.push(read(bytes)));
  });
  const call = new Call({ driver, room: ROOM, ...options });
  after(() => {
    call.leave();
    driver.destroy();
  });
  return { call, driver, published };
}

function read(bytes: Bytes): any {
  const { signed } = json.decode(Uint8Array.from(bytes));
  return signed ? JSON.parse(signed.text) : {};
}

/** Has them join one after the other, each when the one before is in. */
export async function joinInTurn(...members: Member[]): Promise<void> {
  for (const { call } of members) {
    call.join();
    await expect.poll(() => call.state.status, SOON).toBe('joined');
  }
}

/** Every one of them is connected to all the others, and to nobody else. */
export async function expectConnected(...members: Member[]): Promise<void> {
  for (const { call } of members) {
    const states = () => call.state.peers.map(({ state }) => state);
    await expect.poll(states, SOON).toEqual(members.slice(1).map(() => 'connected'));
  }
}

/** Has them join in turn, and waits until everybody is connected. */
export async function connect(...members: Member[]): Promise<void> {
  await joinInTurn(...members);
  await expectConnected(...members);
}

/** The only other one in the room. */
export function onlyPeer({ call }: Member): Peer {
  expect(call.state.peers).toHaveLength(1);
  return call.state.peers[0]!;
}
