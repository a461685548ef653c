// @vitest-environment node
import { describe, expect, it, onTestFinished } from 'vitest';
import { SseDriver, type SseDriverOptions } from '../../src/driver/index.js';
import { stopClock, type StoppedClock } from '../faults/clock.js';
import { connect, encode, listen, logReports, openScriptedHub, reasonOf } from './rig.js';

// How long the driver waits between attempts, whatever anybody asks for.

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

function stopClockOfTest(): StoppedClock {
  const clock = stopClock();
  onTestFinished(() => clock.start());
  return clock;
}

describe('`retry:` of an update, which everybody who publishes can set', () => {
  it.each(['2147483648', '3000000000', '9007199254740991'])(
    '%s is honoured for five minutes at most, and is no hot loop',
    async (retry) => {
      const hub = await openScriptedHub();
      const clock = stopClockOfTest();
      const driver = connect({ url: hub.url });
      const heard = await listen(driver, 'room');
      hub.send('room', { retry, data: 'x' });
      await expect.poll(() => heard.length).toBe(1);
      hub.stream.end();
      await expect.poll(() => driver.connection.status).toBe('reconnecting');
      const wait = driver.connection.retryAt! - Date.now();
      expect(wait).toBeLessThanOrEqual(5 * MINUTE + 20);
      await clock.pass(wait - SECOND);
      expect(hub.subscriptions.length).toBe(1);
      await clock.pass(2 * SECOND);
      await expect.poll(() => hub.subscriptions.length).toBe(2);
    },
  );

  it.each(['-1', 'soon', '1e3', '', '0', '99999999999999999999999'])(
    '%j does not delay',
    async (retry) => {
      const hub = await openScriptedHub();
      const driver = connect({ url: hub.url });
      const heard = await listen(driver, 'room');
      hub.send('room', { retry, data: 'x' });
      await expect.poll(() => heard.length).toBe(1);
      hub.stream.end();
      await expect.poll(() => hub.subscriptions.length).toBe(2);
    },
  );
});

describe('`Retry-After`', () => {
  const far = new Date(Date.now() + 1000 * HOUR).toUTCString();
  it.each(['2147484', '99999999999', '1e300', 'Infinity', far])(
    '%s is honoured for an hour at most, and is no hot loop',
    async (value) => {
      const hub = await openScriptedHub();
      const clock = stopClockOfTest();
      hub.respond = (_, reply) => reply.answer(503, '', { 'Retry-After': value });
      const driver = connect({ url: hub.url });
      void listen(driver, 'room').catch(() => {});
      await expect.poll(() => driver.connection.status).toBe('reconnecting');
      const wait = driver.connection.retryAt! - Date.now();
      expect(wait).toBeLessThanOrEqual(HOUR + 20);
      expect(wait).toBeGreaterThan(HOUR - 5 * SECOND);
      await clock.pass(wait - SECOND);
      expect(hub.subscriptions.length).toBe(1);
      await clock.pass(2 * SECOND);
      await expect.poll(() => hub.subscriptions.length).toBe(2);
    },
  );

  it.each(['-5', 'tomorrow', '', 'Thu, 01 Jan 1970 00:00:00 GMT'])(
    '%j leaves it at the back-off',
    async (value) => {
      const hub = await openScriptedHub();
      hub.respond = (_, reply) => reply.answer(503, '', { 'Retry-After': value });
      const driver = connect({ url: hub.url });
      void listen(driver, 'room').catch(() => {});
      await expect.poll(() => hub.subscriptions.length).toBeGreaterThan(2);
    },
  );

  it('is honoured by a publish too, within its time limit', async () => {
    const hub = await openScriptedHub();
    const clock = stopClockOfTest();
    hub.respond = (_, reply) => reply.answer(429, '', { 'Retry-After': '10' });
    const driver = connect({ url: hub.url, timeout: 15 * SECOND });
    const rejected = reasonOf(driver.publish('room', encode('x')));
    await expect.poll(() => hub.publishes.length).toBe(1);
    await clock.pass(9 * SECOND);
    expect(hub.publishes.length).toBe(1);
    await clock.pass(2 * SECOND);
    expect(await rejected).toMatchObject({ code: 'timeout', cause: { status: 429 } });
    expect(hub.publishes.length).toBe(2);
  });
});

describe('options without an end', () => {
  const endless: [name: string, options: SseDriverOptions][] = [
    ['timeout: Infinity', { timeout: Infinity }],
    ['timeout: 2 ** 31', { timeout: 2 ** 31 }],
    ['heartbeatTimeout: Infinity', { heartbeatTimeout: Infinity }],
    ['retry.max: Infinity', { retry: { max: Infinity } }],
    ['retry.base: Infinity', { retry: { base: Infinity, max: Infinity } }],
  ];
  it.each(endless)(
    '%s is no hot loop, neither open nor while the hub is away',
    async (_, options) => {
      const hub = await openScriptedHub();
      const clock = stopClockOfTest();
      const driver = new SseDriver({ url: hub.url, encoding: 'text', ...options });
      onTestFinished(() => driver.destroy());
      const heard = await listen(driver, 'room');
      for (let passed = 0; passed < 2 * MINUTE; passed += 30 * SECOND) {
        await clock.pass(30 * SECOND);
        hub.stream.comment();
      }
      hub.send('room', { id: 'here', data: 'here' });
      await expect.poll(() => heard).toEqual(['here']);
      expect(hub.requests.length).toBe(1);
      hub.respond = (_, reply) => reply.answer(503);
      hub.stream.reset();
      void driver.publish('room', []).catch(() => {});
      await clock.pass(2 * MINUTE);
      // Attempts wait up to 2, 4, 8 and 15 s, by chance less.
      expect(hub.requests.length).toBeLessThan(100);
    },
  );

  it.each<[string, unknown]>([
    ['timeout', -1],
    ['timeout', Number.NaN],
    ['timeout', '30'],
    ['heartbeatTimeout', Number.NaN],
    ['heartbeatTimeout', -5],
    ['retry.base', Number.NaN],
    ['retry.max', -1],
  ])('%s: %j is refused when it is made or first used, by its name', async (name, value) => {
    const [group, key] = name.split('.') as [string, string | undefined];
    const options = { [group]: key ? { [key]: value } : value };
    const error = await reasonOf(
      (async () => new SseDriver({ url: 'http://127.0.0.1:1/', ...options }).publish('room', []))(),
    );
    expect(error).toMatchObject({ code: 'usage' });
    expect(error.message).toContain(name);
  });
});

describe('a stream that ends cleanly', () => {
  it('some seconds after it was accepted, as for a short token, is opened at once and no failure', async () => {
    const hub = await openScriptedHub();
    const clock = stopClockOfTest();
    const driver = connect({ url: hub.url, retry: { base: 10 * MINUTE, max: 10 * MINUTE } });
    const reports = logReports(driver);
    const errors: unknown[] = [];
    driver.on('connection', ({ error }) => errors.push(error));
    const heard = await listen(driver, 'room');
    for (let round = 1; round <= 10; round++) {
      hub.send('room', { id: `${round}`, data: `${round}` });
      await expect.poll(() => heard.at(-1)).toBe(`${round}`);
      await clock.pass(3 * SECOND);
      hub.stream.end();
      await clock.pass(500);
      await expect.poll(() => hub.subscriptions.length).toBe(round + 1);
      await expect.poll(() => driver.active).toBe(true);
    }
    expect(reports).toEqual({ gaps: [], errors: [] });
    expect(errors.filter(Boolean)).toEqual([]);
  });

  it('at once, every time, is opened no more than once a second', async () => {
    const hub = await openScriptedHub();
    const clock = stopClockOfTest();
    hub.respond = (_, reply) => reply.stream().end();
    const driver = new SseDriver({ url: hub.url });
    onTestFinished(() => driver.destroy());
    await driver.subscribe('room', () => {});
    await clock.pass(MINUTE);
    expect(hub.subscriptions.length).toBeLessThanOrEqual(62);
  });
});

describe('a hub that is away', () => {
  it('is asked less and less often, and at once with `reconnect()`', async () => {
    const hub = await openScriptedHub();
    const { respond } = hub;
    const clock = stopClockOfTest();
    const driver = new SseDriver({ url: hub.url });
    onTestFinished(() => driver.destroy());
    await driver.subscribe('room', () => {});
    hub.respond = (_, reply) => reply.reset();
    hub.stream.reset();
    await clock.pass(10 * MINUTE);
    const asked = hub.subscriptions.length;
    expect(asked).toBeLessThan(400);
    hub.respond = respond;
    driver.reconnect();
    await expect.poll(() => driver.active).toBe(true);
    expect(hub.subscriptions.length - asked).toBeLessThanOrEqual(2);
  });
});
