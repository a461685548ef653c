import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Greeter } from '../../src/call/Greeter.js';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function openGreeter({ restless = false } = {}) {
  const said: { at: number; heard: readonly string[] }[] = [];
  const connected = new Set<string>();
  const start = Date.now();
  const greeter = new Greeter({
    greet: async (heard) => void said.push({ at: Date.now() - start, heard }),
    missing: (ids) => ids.filter((id) => !connected.has(id)),
    restless: () => restless,
  });
  return { greeter, said, connected };
}

test('says hello at once, again soon, and then ever more slowly', async () => {
  const { greeter, said } = openGreeter();
  greeter.start();
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  expect(said[0]!.at).toBe(0);
  expect(said[1]!.at).toBeLessThan(4_000);
  // Every 30 seconds on average, from 15 to 45.
  const late = said.filter(({ at }) => at > 120_000).length;
  expect(late).toBeGreaterThanOrEqual(480 / 45 - 1);
  expect(late).toBeLessThanOrEqual(480 / 15 + 1);
});

test('greets more often as long as somebody may be missed', async () => {
  const { greeter, said } = openGreeter({ restless: true });
  greeter.start();
  await vi.advanceTimersByTimeAsync(120_000);
  const gaps = said.slice(1).map(({ at }, index) => at - said[index]!.at);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(7_500);
});

test('answers at once, and all of them with one hello', async () => {
  const { greeter, said } = openGreeter();
  greeter.start();
  await vi.advanceTimersByTimeAsync(2 * 60_000);
  said.length = 0;
  greeter.answer('b');
  greeter.answer('c');
  await vi.advanceTimersByTimeAsync(0);
  expect(said.map(({ heard }) => heard)).toEqual([['b', 'c']]);
});

test('answers at once also just after a hello of its own', async () => {
  const { greeter, said } = openGreeter();
  greeter.start();
  await vi.advanceTimersByTimeAsync(100);
  greeter.answer('b');
  await vi.advanceTimersByTimeAsync(0);
  expect(said.at(-1)).toEqual({ at: 100, heard: ['b'] });
});

test('waits for the offer of those who entered together with it', async () => {
  const { greeter, said, connected } = openGreeter();
  greeter.start();
  await vi.advanceTimersByTimeAsync(0);
  greeter.answer('b', true);
  greeter.answer('c', true);
  connected.add('b');
  await vi.advanceTimersByTimeAsync(900);
  expect(said.map(({ heard }) => heard)).toEqual([[], ['c']]);
});

test('a flood makes it say no more than a few hellos a second, each of them bounded', async () => {
  const { greeter, said } = openGreeter();
  greeter.start();
  for (let number = 0; number < 1_000; number++) {
    greeter.answer(`peer ${number}`);
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(said.length).toBeLessThan(30);
  expect(Math.max(...said.map(({ heard }) => heard.length))).toBeLessThanOrEqual(24);
});

test('is silent once it is stopped', async () => {
  const { greeter, said } = openGreeter();
  greeter.start();
  greeter.stop();
  greeter.answer('b');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(said).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
