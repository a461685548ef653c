import { afterEach, expect } from 'vitest';
import { Call, type CallOptions, type Peer } from '../../src/call/index.js';
import type { MemoryHub } from '../../src/driver/index.js';
import { movingPicture, type Colour } from './pictures.js';
import { TestDriver } from './TestDriver.js';

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

export function picture(colour: Colour): MediaStream {
  const { stream, stop } = movingPicture(colour);
  after(stop);
  return stream;
}

export interface Member {
  call: Call;
  driver: TestDriver;
}

/** Somebody who is not in the room yet. */
export function member(
  hub: MemoryHub,
  { latency, ...options }: Partial<Omit<CallOptions, 'driver'>> & { latency?: number } = {},
): Member {
  const driver = new TestDriver(hub, latency);
  const call = new Call({ driver, room: ROOM, ...options });
  after(() => {
    call.leave();
    driver.destroy();
  });
  return { call, driver };
}

/** Has them join one after the other, each when the one before was heard. */
export async function joinInTurn(...members: Member[]): Promise<void> {
  for (const { call, driver } of members) {
    call.join();
    const heard = () => driver.received.some(({ message }) => message.id === call.id);
    await expect.poll(heard, SOON).toBe(true);
  }
}

/** Every one of them is connected to all the others, and to nobody else. */
export async function expectConnected(...members: Member[]): Promise<void> {
  for (const { call } of members) {
    const states = () => call.state.peers.map(({ state }) => state);
    await expect.poll(states, SOON).toEqual(members.slice(1).map(() => 'connected'));
  }
}

/** The only other one in the room. */
export function onlyPeer({ call }: Member): Peer {
  expect(call.state.peers).toHaveLength(1);
  return call.state.peers[0]!;
}
