import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { json, MemoryDriver, MemoryHub, type Codec } from '../../src/driver/index.js';
import { Typing } from '../../src/presence/index.js';

const ROOM = 'https://example.com/rooms/1/typing';

let hub: MemoryHub;
let published: number;

beforeEach(() => {
  vi.useFakeTimers();
  hub = new MemoryHub();
  published = 0;
});

afterEach(() => {
  vi.useRealTimers();
});

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

async function open(name: string | null, codec?: Codec<unknown>) {
  const driver = new MemoryDriver(hub, { retry: { base: 100, max: 100 } });
  driver.on('publish', () => published++);
  const me = name === null ? null : { name };
  const typing = new Typing<{ name: string }>({ driver, topic: ROOM, me, codec });
  typing.open();
  onTestFinished(() => {
    typing.close();
    driver.destroy();
  });
  await pass(10);
  return { typing, driver, shown: () => typing.state.typing.map(({ data }) => data.name) };
}

/** Presses a key every 100 ms. */
async function type({ typing }: Awaited<ReturnType<typeof open>>, milliseconds: number) {
  for (let passed = 0; passed < milliseconds; passed += 100) {
    typing.notify();
    await pass(100);
  }
}

test('shows others while they type, who began first before the rest, and not oneself', async () => {
  const [ada, bob, cleo] = [await open('Ada'), await open('Bob'), await open('Cleo')];
  bob.typing.notify();
  await pass(10);
  ada.typing.notify();
  await pass(10);
  expect(cleo.shown()).toEqual(['Bob', 'Ada']);
  expect(ada.shown()).toEqual(['Bob']);
  expect(bob.shown()).toEqual(['Ada']);
});

test('publishes when it begins, and every three seconds, however many keys', async () => {
  const [ada, bob] = [await open('Ada'), await open('Bob')];
  const onChange = vi.fn();
  ada.typing.onChange(onChange);
  await type(bob, 10_000);
  expect(published).toBe(4);
  expect(ada.shown()).toEqual(['Bob']);
  expect(onChange).toHaveBeenCalledOnce();
});

test('ends by itself six seconds after the last one', async () => {
  const [ada, bob] = [await open('Ada'), await open('Bob')];
  bob.typing.notify();
  await pass(5_900);
  expect(ada.shown()).toEqual(['Bob']);
  await pass(200);
  expect(ada.shown()).toEqual([]);
  expect(published).toBe(1);
});

test('ends at once with `stop`, and can begin again at once', async () => {
  const [ada, bob] = [await open('Ada'), await open('Bob')];
  await type(bob, 500);
  bob.typing.stop();
  await pass(10);
  expect(ada.shown()).toEqual([]);
  bob.typing.notify();
  await pass(10);
  expect(ada.shown()).toEqual(['Bob']);
});

test('`stop` of who does not type publishes nothing', async () => {
  const bob = await open('Bob');
  bob.typing.stop();
  bob.typing.close();
  await pass(10);
  expect(published).toBe(0);
});

test('ends as the page closes', async () => {
  const [ada, bob] = [await open('Ada'), await open('Bob')];
  bob.typing.notify();
  await pass(10);
  expect(ada.shown()).toEqual(['Bob']);
  window.dispatchEvent(new Event('pagehide'));
  await pass(10);
  expect(ada.shown()).toEqual([]);
});

test('an outage leaves no queue behind', async () => {
  const bob = await open('Bob');
  hub.disconnect();
  await type(bob, 20_000);
  expect(bob.driver.connection.queued).toBeLessThanOrEqual(1);
});

test('who only watches does not type', async () => {
  const [ada, watcher] = [await open('Ada'), await open(null)];
  watcher.typing.notify();
  ada.typing.notify();
  await pass(10);
  expect(watcher.shown()).toEqual(['Ada']);
  expect(published).toBe(1);
});

test('what is no message is ignored, and at most 100 are shown', async () => {
  const ada = await open('Ada');
  const driver = new MemoryDriver(hub);
  const publish = (message: unknown, type = 'typing') =>
    driver.publish(ROOM, json.encode(message), { type });
  for (const junk of [null, 1, {}, { from: 1 }, { from: 'x' }, { from: 'x', data: 'text' }]) {
    await publish(junk);
  }
  await publish({ from: 'x', data: { name: 'x'.repeat(5_000) } });
  await publish({ from: 'x', data: { name: 'x' } }, 'message');
  await pass(10);
  expect(ada.shown()).toEqual([]);
  for (let count = 0; count < 200; count++) await publish({ from: `${count}`, data: {} });
  await pass(10);
  expect(ada.shown()).toHaveLength(100);
  await pass(6_000);
  expect(ada.shown()).toEqual([]);
  driver.destroy();
});

test('data that is too large is an error of the call', async () => {
  const bob = await open('x'.repeat(5_000));
  expect(() => bob.typing.notify()).toThrow(expect.objectContaining({ code: 'usage' }));
});

test('shows nobody whose message is decoded after it was closed', async () => {
  let decode = (): void => {};
  const slow = {
    ...json,
    decode: (bytes: Parameters<typeof json.decode>[0]) =>
      new Promise<unknown>((resolve) => (decode = () => resolve(json.decode(bytes)))),
  };
  const [ada, bob] = [await open('Ada', slow), await open('Bob')];
  bob.typing.notify();
  await pass(10);
  ada.typing.close();
  decode();
  await pass(10);
  expect(ada.shown()).toEqual([]);
});
