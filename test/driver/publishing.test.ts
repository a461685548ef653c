// @vitest-environment node
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { connect, encode, listen, openScriptedHub, reasonOf } from './rig.js';

/** A browser refuses larger bodies that outlive the page (WHATWG Fetch, "http-network-or-cache fetch"). */
const KEEPALIVE_LIMIT = 64 * 1024;

/** `fetch` as a browser has it, and what was asked of it. */
function browserFetch() {
  const asked: { keepalive: boolean; bytes: number }[] = [];
  const limited: typeof fetch = (input, init) => {
    const bytes = String(init!.body as URLSearchParams).length;
    const keepalive = init!.keepalive ?? false;
    asked.push({ keepalive, bytes });
    if (keepalive && bytes > KEEPALIVE_LIMIT)
      return Promise.reject(new TypeError('Failed to fetch'));
    return fetch(input, init);
  };
  return { asked, limited };
}

describe('a publish with `keepalive`', () => {
  it('that fits outlives the page', async () => {
    const hub = await openScriptedHub();
    const { asked, limited } = browserFetch();
    await connect({ url: hub.url, fetch: limited }).publish('room', encode('bye'), {
      keepalive: true,
    });
    expect(asked).toMatchObject([{ keepalive: true }]);
  });

  it.each([70_000, 1_000_000])('of %i bytes is sent without, at once', async (length) => {
    const hub = await openScriptedHub();
    const { asked, limited } = browserFetch();
    const driver = connect({ url: hub.url, fetch: limited });
    await driver.publish('room', new Uint8Array(length), { keepalive: true });
    expect(asked.map(({ keepalive }) => keepalive)).toEqual([false]);
    expect(hub.publishes.length).toBe(1);
  });

  it.each([
    ['characters that the form writes longer', '€'.repeat(20_000)],
    ['line breaks', '\n'.repeat(30_000)],
    ['what is just below the limit', 'x'.repeat(KEEPALIVE_LIMIT - 10)],
  ])('is sent without, at once, where the body is too large for it: %s', async (_, text) => {
    const hub = await openScriptedHub();
    const { asked, limited } = browserFetch();
    const driver = connect({ url: hub.url, fetch: limited });
    await driver.publish('room', encode(text), { keepalive: true });
    expect(asked.map(({ keepalive }) => keepalive)).toEqual([false]);
  });

  it('that the browser refuses all the same, as for other requests under way, is sent without', async () => {
    const hub = await openScriptedHub();
    const asked: boolean[] = [];
    const full: typeof fetch = (input, init) => {
      asked.push(init!.keepalive!);
      return init!.keepalive
        ? Promise.reject(new TypeError('Failed to fetch'))
        : fetch(input, init);
    };
    await connect({ url: hub.url, fetch: full }).publish('room', encode('bye'), {
      keepalive: true,
    });
    expect(asked).toEqual([true, false]);
  });

  it('goes ahead of a queue that waits', async () => {
    const hub = await openScriptedHub();
    const { respond } = hub;
    hub.respond = (request, reply) =>
      request.form.get('data') === 'waits' ? undefined : respond(request, reply);
    const driver = connect({ url: hub.url });
    const waits = driver.publish('room', encode('waits')).catch(() => {});
    await driver.publish('room', encode('bye'), { keepalive: true });
    expect(hub.publishes.map(({ form }) => form.get('data'))).toContain('bye');
    driver.destroy();
    await waits;
  });
});

it('no request leaves a listener on a signal that outlives it', async () => {
  const held = new Map<object, number>();
  const count = (by: 1 | -1, method: 'addEventListener' | 'removeEventListener') => {
    const original = AbortSignal.prototype[method] as (...args: unknown[]) => void;
    vi.spyOn(AbortSignal.prototype, method).mockImplementation(function (
      this: AbortSignal,
      ...args: unknown[]
    ) {
      held.set(this, (held.get(this) ?? 0) + by);
      original.apply(this, args);
    });
  };
  count(1, 'addEventListener');
  count(-1, 'removeEventListener');
  const any = vi.spyOn(AbortSignal, 'any');
  onTestFinished(() => void vi.restoreAllMocks());
  const hub = await openScriptedHub();
  const driver = connect({ url: hub.url, publisher: async () => ({}) });
  await listen(driver, 'room');
  for (let round = 0; round < 200; round++) await driver.publish('room', encode('x'));
  // One signal a request may keep some, none of them many.
  expect(held.size).toBeGreaterThan(200);
  expect(Math.max(...held.values())).toBeLessThan(10);
  expect(any).not.toHaveBeenCalled();
});

it('works where a platform lacks what is newer: no AbortSignal.any, URL.canParse, crypto, document', async () => {
  for (const name of ['crypto', 'document', 'window', 'navigator', 'performance']) {
    vi.stubGlobal(name, undefined);
  }
  const any = AbortSignal.any;
  const canParse = URL.canParse;
  Object.assign(AbortSignal, { any: undefined });
  Object.assign(URL, { canParse: undefined });
  onTestFinished(() => {
    vi.unstubAllGlobals();
    Object.assign(AbortSignal, { any });
    Object.assign(URL, { canParse });
  });
  const hub = await openScriptedHub();
  const driver = connect({ url: hub.url });
  const heard = await listen(driver, 'room');
  await Promise.all([driver.publish('room', encode('one')), driver.publish('room', encode('two'))]);
  const ids = hub.publishes.map(({ form }) => form.get('id'));
  expect(new Set(ids).size).toBe(2);
  hub.send('room', { id: 'x', data: 'hello' });
  await expect.poll(() => heard).toEqual(['hello']);
});

describe('a topic that is none', () => {
  it.each<[shown: string, topic: unknown]>([
    ['undefined', undefined],
    ['42', 42],
    ['""', ''],
    ['null', null],
    ['true', true],
    ['[]', []],
  ])('%s: the message says the value, the call, and what null means', async (shown, topic) => {
    const driver = connect({ url: 'http://127.0.0.1:9/' });
    const calls = {
      subscribe: () => driver.subscribe(topic as string, () => {}),
      unsubscribe: () => driver.unsubscribe(topic as string),
      publish: () => driver.publish(topic as string, []),
    };
    for (const [call, run] of Object.entries(calls)) {
      const error = await reasonOf(run());
      expect(error).toMatchObject({ name: 'SignalingError', code: 'usage' });
      expect(error.message.startsWith(`${call} got the topic ${shown}. `), error.message).toBe(
        true,
      );
      expect(error.message).toContain('null means "not now"');
    }
  });

  const circular: Record<string, unknown> = {};
  circular.self = circular;
  it.each<[name: string, shown: RegExp, topic: unknown]>([
    ['NaN', /NaN/, Number.NaN],
    ['a bigint', /10/, 10n],
    ['a function', /function|=>/, () => 'room'],
    ['an object that contains itself', /object/i, circular],
  ])('%s is shown as what it is', async (_, shown, topic) => {
    const driver = connect({ url: 'http://127.0.0.1:9/' });
    const error = await reasonOf(driver.subscribe(topic as string, () => {}));
    expect(error).toMatchObject({ name: 'SignalingError', code: 'usage' });
    expect(error.message).toMatch(shown);
  });
});
