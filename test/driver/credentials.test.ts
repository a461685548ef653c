// @vitest-environment node
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stopClock } from '../faults/clock.js';
import type { SignalingError, SseDriverOptions } from '../../src/driver/index.js';
import { connect, encode, listen, logReports, openScriptedHub, reasonOf, reopens } from './rig.js';

const mistake = new Error('the token server is down');
type Give = () => never;
const failing: [name: string, give: Give][] = [
  [
    'throws',
    () => {
      throw mistake;
    },
  ],
  ['rejects', (() => Promise.reject(mistake)) as Give],
];

describe('a function that gives the credentials', () => {
  it.each(failing)(
    'and %s for a stream: reported once, retried, and used again',
    async (_, give) => {
      const hub = await openScriptedHub();
      let fails = true;
      let calls = 0;
      const subscriber = () => (calls++, fails ? give() : { headers: { 'X-Key': 'right' } });
      const driver = connect({ url: hub.url, subscriber });
      const reports = logReports(driver);
      const subscribed = listen(driver, 'room');
      await expect.poll(() => calls).toBeGreaterThan(3);
      expect(hub.requests.length).toBe(0);
      const error = { code: 'credentials', cause: mistake };
      expect(driver.connection).toMatchObject({ status: 'reconnecting', error });
      expect(driver.connection.error!.message).not.toMatch(/CORS|reached/);
      expect(reports.errors).toMatchObject([error]);
      fails = false;
      await subscribed;
      expect(hub.subscriptions[0]!.headers['x-key']).toBe('right');
      expect(driver.connection).toMatchObject({ status: 'open', error: undefined });
    },
  );

  it.each(failing)('and %s for a publish: retried until the time limit', async (_, give) => {
    const hub = await openScriptedHub();
    let calls = 0;
    const publisher = () => (calls++, give());
    const driver = connect({ url: hub.url, publisher, timeout: 150 });
    const error = await reasonOf(driver.publish('room', encode('x')));
    expect(error).toMatchObject({
      code: 'timeout',
      cause: { code: 'credentials', cause: mistake },
    });
    expect(calls).toBeGreaterThan(1);
    expect(hub.requests.length).toBe(0);
  });

  it.each(failing)('and %s once: the publish gets through', async (_, give) => {
    const hub = await openScriptedHub();
    let calls = 0;
    const publisher = () => (calls++ === 0 ? give() : {});
    await connect({ url: hub.url, publisher }).publish('room', encode('x'));
    expect([calls, hub.publishes.length]).toEqual([2, 1]);
  });

  it('and never settles: given up after `timeout`, then asked again', async () => {
    const hub = await openScriptedHub();
    const clock = stopClock();
    onTestFinished(() => clock.start());
    let calls = 0;
    const subscriber = () => (++calls === 1 ? new Promise<never>(() => {}) : {});
    const driver = connect({ url: hub.url, subscriber, timeout: 5_000 });
    const subscribed = listen(driver, 'room');
    await clock.pass(8_000);
    await subscribed;
    expect(calls).toBe(2);
  });

  it('and never settles: a publish rejects at its time limit', async () => {
    const hub = await openScriptedHub();
    const clock = stopClock();
    onTestFinished(() => clock.start());
    const publisher = () => new Promise<never>(() => {});
    const driver = connect({ url: hub.url, publisher, timeout: 5_000 });
    const rejected = reasonOf(driver.publish('room', encode('x')));
    await clock.pass(6_000);
    expect(await rejected).toMatchObject({ code: 'timeout', cause: { code: 'credentials' } });
    expect(driver.connection.queued).toBe(0);
  });

  it('and never settles stands in the way of neither `reconnect()` nor `destroy()`', async () => {
    const hub = await openScriptedHub();
    let calls = 0;
    const never = () => (calls++, new Promise<never>(() => {}));
    const driver = connect({ url: hub.url, subscriber: never, publisher: never });
    const subscribed = reasonOf(listen(driver, 'room'));
    const published = reasonOf(driver.publish('room', encode('x')));
    await expect.poll(() => calls).toBe(2);
    driver.reconnect();
    await expect.poll(() => calls).toBe(3);
    driver.destroy();
    expect(await subscribed).toMatchObject({ code: 'destroyed' });
    expect(await published).toMatchObject({ code: 'destroyed' });
    expect(hub.requests.length).toBe(0);
  });

  it('and answers after the driver was destroyed sends nothing', async () => {
    const hub = await openScriptedHub();
    let answer!: (init: object) => void;
    const late = () => new Promise<object>((resolve) => (answer = resolve));
    const driver = connect({ url: hub.url, publisher: late });
    const published = reasonOf(driver.publish('room', encode('x')));
    await expect.poll(() => answer).toBeDefined();
    driver.destroy();
    answer({});
    expect(await published).toMatchObject({ code: 'destroyed' });
    expect(hub.requests.length).toBe(0);
  });
});

describe('a request that cannot be made', () => {
  const bad: [name: string, options: SseDriverOptions][] = [
    ['a line break in a header', { publisher: { headers: { Authorization: 'Bearer se\ncret' } } }],
    ['a letter no header can hold', { publisher: { headers: { Authorization: 'secret 三' } } }],
    ['a header without a name', { publisher: { headers: { '': 'secret' } } }],
    ['a mode that is none', { publisher: { mode: 'secret' as RequestMode } }],
    ['from a function', { publisher: () => ({ headers: { 'X-Key': 'se\ncret' } }) }],
  ];
  it.each(bad)('%s: refused at once, without a word of it', async (_, options) => {
    const hub = await openScriptedHub();
    const { publisher } = options;
    const driver = connect({ url: hub.url, publisher, subscriber: publisher });
    const attempts: Promise<unknown>[] = [driver.publish('room', encode('x'))];
    // A subscription takes headers alone.
    if (!JSON.stringify(options).includes('mode')) attempts.push(listen(driver, 'room'));
    for (const attempt of attempts) {
      const error = await reasonOf(attempt);
      expect(error).toMatchObject({ code: 'usage' });
      expect(inspect(error)).not.toMatch(/secret|se\ncret|cret/);
    }
    expect(hub.requests.length).toBe(0);
  });
});

describe('a `fetch` of one’s own that ignores its signal', () => {
  const deaf: typeof fetch = () => new Promise(() => {});

  it('does not hold back a time limit', async () => {
    const clock = stopClock();
    onTestFinished(() => clock.start());
    let calls = 0;
    const counting: typeof fetch = (...args) => (calls++, deaf(...args));
    const driver = connect({ url: 'http://127.0.0.1:9/', fetch: counting, timeout: 5_000 });
    const published = reasonOf(driver.publish('room', encode('x')));
    void listen(driver, 'room').catch(() => {});
    await clock.pass(7_000);
    expect(await published).toMatchObject({ code: 'timeout' });
    await expect.poll(() => driver.connection.status).toBe('reconnecting');
    expect(calls).toBeLessThan(6);
  });

  it('does not hold back `destroy()`', async () => {
    const driver = connect({ url: 'http://127.0.0.1:9/', fetch: deaf });
    const attempts = [driver.publish('room', encode('x')), listen(driver, 'room')].map(reasonOf);
    driver.destroy();
    for (const attempt of attempts) expect(await attempt).toMatchObject({ code: 'destroyed' });
  });

  it('and whose streams go on for ever is not read any more once it is left', async () => {
    const hub = await openScriptedHub();
    const heedless: typeof fetch = (input, init) => fetch(input, { ...init, signal: null });
    const driver = connect({ url: hub.url, fetch: heedless });
    await listen(driver, 'room');
    await driver.unsubscribe('room');
    await expect.poll(() => hub.streams.size).toBe(0);
  });
});

describe('credentials that the hub refuses', () => {
  const refusals: [name: string, status: number, headers: Record<string, string>][] = [
    ['401', 401, {}],
    ['403', 403, {}],
    [
      '400 to a bearer that is no token',
      400,
      { 'WWW-Authenticate': 'Bearer error="invalid_request"' },
    ],
  ];

  it.each(refusals)('with %s: a function is asked once more', async (_, status, headers) => {
    const hub = await openScriptedHub();
    const { respond } = hub;
    hub.respond = (request, reply) =>
      request.headers.authorization === 'Bearer fresh'
        ? respond(request, reply)
        : reply.answer(status, 'invalid_request', headers);
    const tokens = { publisher: ['stale', 'fresh'], subscriber: ['stale', 'fresh'] };
    const give = (of: keyof typeof tokens) => () => ({
      headers: { Authorization: `Bearer ${tokens[of].shift()}` },
    });
    const driver = connect({
      url: hub.url,
      publisher: give('publisher'),
      subscriber: give('subscriber'),
    });
    const reports = logReports(driver);
    await listen(driver, 'room');
    await driver.publish('room', encode('x'));
    expect([hub.subscriptions.length, hub.publishes.length]).toEqual([2, 2]);
    expect(reports).toEqual({ gaps: [], errors: [] });
  });

  it.each(refusals)(
    'with %s again, or fixed ones: final, with the status',
    async (_, status, headers) => {
      const hub = await openScriptedHub();
      hub.respond = (_, reply) => reply.answer(status, '', headers);
      const fixed = { headers: { Authorization: 'Bearer fixed' } };
      for (const [option, requests] of [
        [fixed, 1],
        [() => fixed, 2],
      ] as const) {
        hub.requests.length = 0;
        const driver = connect({ url: hub.url, publisher: option, subscriber: option });
        const attempts = [driver.publish('room', encode('x')), listen(driver, 'room')];
        for (const error of await Promise.all(attempts.map(reasonOf))) {
          expect(error).toMatchObject({ code: 'unauthorized', status });
          expect(error.message).toMatch(/`publisher`|`subscriber`/);
        }
        expect([hub.subscriptions.length, hub.publishes.length]).toEqual([requests, requests]);
      }
    },
  );

  it('with a 400 whose headers CORS hides: a function is asked once more', async () => {
    const hub = await openScriptedHub();
    const { respond } = hub;
    hub.respond = (request, reply) =>
      request.headers.authorization === 'Bearer fresh'
        ? respond(request, reply)
        : reply.answer(400, 'invalid_request');
    const give = () => {
      const tokens = ['stale', 'fresh', 'fresh', 'fresh'];
      return () => ({ headers: { Authorization: `Bearer ${tokens.shift()}` } });
    };
    const driver = connect({ url: hub.url, publisher: give(), subscriber: give() });
    await driver.publish('room', encode('x'));
    await listen(driver, 'room');
  });
});

describe('other credentials, after a login or logout', () => {
  it('are used with `reconnect()`: the old stream ends, and no error is told', async () => {
    const hub = await openScriptedHub();
    let user = 'ada';
    const driver = connect({ url: hub.url, subscriber: () => ({ headers: { 'X-User': user } }) });
    const reports = logReports(driver);
    const errors: (SignalingError | undefined)[] = [];
    driver.on('connection', ({ error }) => errors.push(error));
    const heard = await listen(driver, 'room');
    hub.send('room', { id: 'known', data: 'to ada' });
    await expect.poll(() => heard).toEqual(['to ada']);
    user = 'bob';
    await reopens(driver, () => driver.reconnect());
    await expect.poll(() => hub.streams.size).toBe(1);
    expect(hub.stream.request.headers['x-user']).toBe('bob');
    expect(hub.stream.request.cursor).toBe('known');
    hub.send('room', { id: 'next', data: 'to bob' });
    await expect.poll(() => heard).toEqual(['to ada', 'to bob']);
    expect(errors.filter(Boolean)).toEqual([]);
    expect(reports).toEqual({ gaps: [], errors: [] });
    expect(hub.subscriptions.length).toBe(2);
  });

  it('are used with `reconnect()` for what the hub had refused too', async () => {
    const hub = await openScriptedHub();
    const { respond } = hub;
    hub.respond = (request, reply) =>
      request.headers['x-user'] === 'ada' ? respond(request, reply) : reply.answer(403);
    let user = 'nobody';
    const driver = connect({ url: hub.url, subscriber: () => ({ headers: { 'X-User': user } }) });
    const heard: string[] = [];
    const refused = driver.subscribe('room', () => heard.push('heard'));
    expect(await reasonOf(refused)).toMatchObject({ code: 'unauthorized' });
    user = 'ada';
    driver.reconnect();
    await expect.poll(() => driver.active).toBe(true);
    hub.send('room', { data: 'x' });
    await expect.poll(() => heard.length).toBe(1);
  });
});
