import { afterEach, expect, test, vi } from 'vitest';
import { Call, type CallOptions, type Peer } from '../../src/call/index.js';
import { MemoryHub } from '../../src/driver/index.js';
import { movingPicture, Viewer } from './pictures.js';
import { TestDriver } from './TestDriver.js';

const ROOM = 'https://example.com/rooms/1';
const TIMEOUT = { timeout: 10_000 };

const undos: (() => void)[] = [];
afterEach(() => {
  for (const undo of undos.splice(0)) undo();
});

function picture(colour: 'red' | 'lime' | 'blue') {
  const stream = movingPicture(colour);
  undos.push(() => stream.stop());
  return stream;
}

function member(hub: MemoryHub, options: Partial<CallOptions> & { latency?: number } = {}) {
  const driver = new TestDriver(hub, options.latency);
  const call = new Call({ driver, room: ROOM, ...options });
  undos.push(() => {
    call.leave();
    driver.destroy();
  });
  return { driver, call };
}

async function joined(...calls: Call[]): Promise<void> {
  for (const call of calls) {
    call.join();
    await expect.poll(() => call.state.status).toBe('joined');
  }
}

async function connected(...calls: Call[]): Promise<void> {
  for (const call of calls) {
    const states = () => call.state.peers.map(({ state }) => state);
    await expect.poll(states, TIMEOUT).toEqual(calls.slice(1).map(() => 'connected'));
  }
}

function only({ state }: Call): Peer {
  expect(state.peers).toHaveLength(1);
  return state.peers[0]!;
}

test('two who join a room see each other move', async () => {
  const hub = new MemoryHub();
  const { call: ada } = member(hub, { name: 'Ada', stream: picture('red') });
  const { call: bob } = member(hub, { name: 'Bob', stream: picture('blue') });
  await joined(ada, bob);
  await connected(ada, bob);
  expect(only(ada)).toMatchObject({ id: bob.id, name: 'Bob' });
  expect(only(bob)).toMatchObject({ id: ada.id, name: 'Ada' });
  await new Viewer(only(ada).stream).expectMoving();
  await new Viewer(only(ada).stream).expectColour('blue');
  await new Viewer(only(bob).stream).expectMoving();
  await new Viewer(only(bob).stream).expectColour('red');
});

test('a call is up after a handful of publishes', async () => {
  const hub = new MemoryHub();
  const ada = member(hub, { stream: picture('red'), latency: 100 });
  const bob = member(hub, { stream: picture('blue'), latency: 100 });
  await joined(ada.call, bob.call);
  await connected(ada.call, bob.call);
  const published = [...ada.driver.published, ...bob.driver.published];
  expect(published.filter(({ message }) => message.type === 'hello')).toHaveLength(2);
  expect(published.filter(({ message }) => message.description)).toHaveLength(2);
  expect(published.length).toBeLessThanOrEqual(8);
});
