// @vitest-environment node
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { SseDriverOptions } from '../../src/driver/index.js';
import { stopClock, type StoppedClock } from '../faults/clock.js';
import type { ScriptedHub } from '../servers/ScriptedHub.js';
import { connect, encode, listen, logReports, openScriptedHub } from './rig.js';

// A connection whose packets are dropped stays open and silent for ever.

function stopClockOfTest(): StoppedClock {
  const clock = stopClock();
  onTestFinished(() => clock.start());
  return clock;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Sends an update, which arrives before this resolves. */
async function say(hub: ScriptedHub, heard: string[], id: string): Promise<void> {
  hub.send('room', { id, data: id });
  await expect.poll(() => heard.at(-1)).toBe(id);
}

describe('a stream that goes silent', () => {
  it('though it was busy and never sent a second comment, is opened anew behind its last update', async () => {
    const hub = await openScriptedHub();
    const clock = stopClockOfTest();
    const driver = connect({ url: hub.url });
    const reports = logReports(driver);
    const heard = await listen(driver, 'room');
    for (let count = 0; count < 30; count++) {
      await clock.pass(5 * SECOND);
      await say(hub, heard, `update ${count}`);
    }
    expect(hub.subscriptions.length).toBe(1);
    await clock.pass(55 * SECOND);
    expect(hub.subscriptions.length).toBe(1);
    await clock.pass(10 * SECOND);
    await expect.poll(() => hub.subscriptions.map(({ cursor }) => cursor).at(-1)).toBe('update 29');
    await expect.poll(() => driver.active).toBe(true);
    await say(hub, heard, 'after');
    expect(reports).toEqual({ gaps: [], errors: [] });
  });

  it('each time, on a hub that has sent a heartbeat', async () => {
    const hub = await openScriptedHub();
    const clock = stopClockOfTest();
    const driver = connect({ url: hub.url });
    const heard = await listen(driver, 'room');
    hub.stream.comment();
    await say(hub, heard, 'first');
    for (let dead = 1; dead <= 4; dead++) {
      await clock.pass(62 * SECOND);
      await expect.poll(() => hub.subscriptions.length).toBe(dead + 1);
      await expect.poll(() => driver.active).toBe(true);
      await say(hub, heard, `update ${dead}`);
    }
  });

  it('twice at the start belongs to a hub without heartbeats, which is left alone from then on', async () => {
    const hub = await openScriptedHub();
    const clock = stopClockOfTest();
    const driver = connect({ url: hub.url });
    const heard = await listen(driver, 'room');
    for (const count of [2, 3]) {
      await clock.pass(62 * SECOND);
      await expect.poll(() => hub.subscriptions.length).toBe(count);
      await expect.poll(() => driver.active).toBe(true);
    }
    await clock.pass(60 * MINUTE);
    expect(hub.subscriptions.length).toBe(3);
    await say(hub, heard, 'still there');
  });

  it('on a hub that does not greet is normal', async () => {
    const hub = await openScriptedHub();
    hub.respond = (_, reply) => reply.stream({}, '');
    const clock = stopClockOfTest();
    const driver = connect({ url: hub.url });
    const heard = await listen(driver, 'room');
    await clock.pass(60 * MINUTE);
    await say(hub, heard, 'still there');
    expect(hub.subscriptions.length).toBe(1);
  });

  it('is found on a stream that never had a heartbeat, where another of the hub had one', async () => {
    const hub = await openScriptedHub();
    const clock = stopClockOfTest();
    const driver = connect({ url: hub.url });
    const heard = await listen(driver, 'room');
    hub.stream.comment();
    await say(hub, heard, 'first');
    const { respond } = hub;
    hub.respond = (_, reply) => reply.stream({}, '');
    await listen(driver, 'other');
    hub.respond = respond;
    const askedFor = (topic: string) =>
      hub.subscriptions.filter(({ selectors }) => selectors.includes(topic)).length;
    for (let passed = 0; passed < 70; passed += 10) {
      await clock.pass(10 * SECOND);
      hub.send('room', { data: `${passed}` });
      await expect.poll(() => heard.at(-1)).toBe(`${passed}`);
    }
    await expect.poll(() => askedFor('other')).toBe(2);
    expect(askedFor('room')).toBe(1);
  });

  it.each([5 * SECOND, 20 * SECOND])(
    'is opened anew after the `heartbeatTimeout` %i',
    async (limit) => {
      const hub = await openScriptedHub();
      hub.respond = (_, reply) => reply.stream({}, '');
      const clock = stopClockOfTest();
      const driver = connect({ url: hub.url, heartbeatTimeout: limit });
      await listen(driver, 'room');
      for (const count of [2, 3, 4]) {
        await clock.pass(limit + 2 * SECOND);
        await expect.poll(() => hub.subscriptions.length).toBe(count);
        await expect.poll(() => driver.active).toBe(true);
      }
    },
  );
});

it.each([
  ['comments', ':\n'],
  ['a part of a line', 'x'],
  ['an unknown field', 'other: 1\n'],
])('any bytes count as life: %s', async (_, bytes) => {
  const hub = await openScriptedHub();
  const clock = stopClockOfTest();
  const driver = connect({ url: hub.url });
  await listen(driver, 'room');
  for (let count = 0; count < 30; count++) {
    await clock.pass(40 * SECOND);
    hub.stream.write(bytes);
    // Past the sockets, of which this process has both ends.
    await vi.waitFor(() => fetch(hub.url, { method: 'POST', body: new URLSearchParams('id=x') }));
    await clock.pass(500);
  }
  expect(hub.subscriptions.length).toBe(1);
});

describe('an own update that does not come back', () => {
  async function open() {
    const hub = await openScriptedHub();
    const clock = stopClockOfTest();
    let echoes = true;
    const { respond } = hub;
    hub.respond = (request, reply) => {
      const { form } = request;
      respond(request, reply);
      if (request.method !== 'POST' || !echoes) return;
      hub.send(form.get('topic')!, { id: form.get('id')!, data: form.get('data')! });
    };
    const driver = connect({ url: hub.url });
    const heard = await listen(driver, 'room');
    await driver.publish('room', encode('comes back'));
    await expect.poll(() => heard).toEqual(['comes back']);
    return { hub, clock, driver, heard, mute: () => (echoes = false) };
  }

  it('makes a new stream open before the old one closes', async () => {
    const { hub, clock, driver, mute } = await open();
    const [old] = hub.streams;
    mute();
    await driver.publish('room', encode('is swallowed'));
    const states: string[] = [];
    driver.on('connection', ({ status }) => states.push(status));
    await clock.pass(8 * SECOND);
    expect(hub.subscriptions.length).toBe(1);
    await clock.pass(4 * SECOND);
    await expect.poll(() => hub.subscriptions.length).toBe(2);
    await expect.poll(() => hub.streams.has(old!)).toBe(false);
    expect(hub.subscriptions[1]!.cursor).toBeDefined();
    expect(states.filter((status) => status !== 'open')).toEqual([]);
  });

  it('may also come back before its `POST` is answered', async () => {
    const { hub, clock, driver, heard, mute } = await open();
    mute();
    const { respond } = hub;
    let answer = (): void => {};
    hub.respond = (request, reply) => {
      if (request.method !== 'POST') return respond(request, reply);
      const { form } = request;
      hub.send(form.get('topic')!, { id: form.get('id')!, data: form.get('data')! });
      answer = () => respond(request, reply);
    };
    const published = driver.publish('room', encode('is early'));
    await expect.poll(() => heard).toEqual(['comes back', 'is early']);
    answer();
    await published;
    hub.respond = respond;
    await clock.pass(12 * SECOND);
    // A request for a new stream would have come before this one.
    await driver.publish('elsewhere', encode('x'));
    expect(hub.subscriptions.length).toBe(1);
  });

  it('means nothing on a topic it does not listen to, or for a private one', async () => {
    const { hub, clock, driver, mute } = await open();
    mute();
    await driver.publish('elsewhere', encode('x'));
    await driver.publish('room', encode('x'), { private: true });
    await clock.pass(12 * SECOND);
    await driver.publish('elsewhere', encode('x'));
    expect(hub.subscriptions.length).toBe(1);
  });
});

describe('when the page wakes', () => {
  const page = Object.assign(new EventTarget(), { hidden: false });
  const frame = new EventTarget();
  const wakes: [name: string, wake: () => void][] = [
    ['online', () => frame.dispatchEvent(new Event('online'))],
    ['resume', () => page.dispatchEvent(new Event('resume'))],
    ['visibilitychange', () => page.dispatchEvent(new Event('visibilitychange'))],
  ];

  async function open(options: Partial<SseDriverOptions> = {}) {
    vi.stubGlobal('document', page);
    vi.stubGlobal('window', frame);
    onTestFinished(() => void vi.unstubAllGlobals());
    const hub = await openScriptedHub();
    const clock = stopClockOfTest();
    const driver = connect({ url: hub.url, ...options });
    const reports = logReports(driver);
    const heard = await listen(driver, 'room');
    await say(hub, heard, 'known');
    return { hub, clock, driver, heard, reports };
  }

  it.each(wakes)('%s: a silent stream is replaced, the new one opens first', async (_, wake) => {
    const { hub, clock, driver, heard, reports } = await open();
    const [old] = hub.streams;
    const seen: string[] = [];
    driver.on('connection', ({ status }) => seen.push(status));
    await clock.pass(10 * SECOND);
    const { respond } = hub;
    let answer = () => {};
    hub.respond = (request, reply) => {
      answer = () => respond(request, reply);
    };
    wake();
    await expect.poll(() => hub.subscriptions.map(({ cursor }) => cursor)).toContain('known');
    expect(hub.streams.has(old!)).toBe(true);
    old!.send({ id: 'meanwhile', data: 'meanwhile' });
    await expect.poll(() => heard.at(-1)).toBe('meanwhile');
    hub.respond = respond;
    answer();
    await expect.poll(() => hub.streams.has(old!)).toBe(false);
    hub.send('room', { id: 'meanwhile', data: 'meanwhile' });
    await say(hub, heard, 'last');
    expect(heard).toEqual(['known', 'meanwhile', 'last']);
    expect(hub.subscriptions.length).toBe(2);
    expect(seen).toEqual([]);
    expect(reports).toEqual({ gaps: [], errors: [] });
  });

  it.each(wakes)('%s: a stream that was heard a moment ago stays', async (_, wake) => {
    const { hub, clock, heard } = await open();
    await clock.pass(10 * SECOND);
    await say(hub, heard, 'just now');
    await clock.pass(2 * SECOND);
    wake();
    await clock.pass(2 * SECOND);
    await say(hub, heard, 'still there');
    expect(hub.subscriptions.length).toBe(1);
  });

  it('again and again, a silent stream is replaced once', async () => {
    const { hub, clock } = await open();
    await clock.pass(10 * SECOND);
    for (const [, wake] of [...wakes, ...wakes]) wake();
    await expect.poll(() => hub.subscriptions.length).toBe(2);
    for (const [, wake] of wakes) wake();
    await clock.pass(3 * SECOND);
    expect(hub.subscriptions.length).toBe(2);
    expect(hub.streams.size).toBe(1);
  });

  it('and the hub is gone, that shows at once', async () => {
    const { hub, clock, driver } = await open();
    await clock.pass(10 * SECOND);
    hub.respond = (_, reply) => reply.reset();
    page.dispatchEvent(new Event('resume'));
    await expect.poll(() => driver.connection.status).toBe('reconnecting');
    await expect.poll(() => hub.streams.size).toBe(0);
  });

  it('while an attempt is under way, and that fails, another one is made at once', async () => {
    const { hub, clock } = await open({ retry: { base: MINUTE, max: MINUTE } });
    const { respond } = hub;
    let fail = () => {};
    hub.respond = (_, reply) => {
      fail = () => reply.answer(503);
    };
    hub.stream.end();
    await clock.pass(2 * SECOND);
    await expect.poll(() => hub.subscriptions.length).toBe(2);
    frame.dispatchEvent(new Event('online'));
    hub.respond = respond;
    fail();
    // No time passes on this clock: a back-off would not end.
    await expect.poll(() => hub.subscriptions.length).toBe(3);
  });

  it('nothing is listened to once nobody uses the driver', async () => {
    const { driver } = await open();
    await driver.unsubscribe('room');
    const added = vi.spyOn(page, 'addEventListener');
    expect(driver.connection.status).toBe('idle');
    for (const [, wake] of wakes) wake();
    expect(driver.connection.status).toBe('idle');
    expect(added).not.toHaveBeenCalled();
  });
});
