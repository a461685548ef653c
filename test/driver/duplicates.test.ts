// @vitest-environment node
import { describe, expect, it } from 'vitest';
import {
  connect,
  decode,
  encode,
  listen,
  listenToEvents,
  logReports,
  openHub,
  openScriptedHub,
  reopens,
} from './rig.js';

// What the id of an update says: which come twice, and which are missing.

const NOTHING = { gaps: [], errors: [] };

describe('ids that tell nothing', () => {
  it.each([
    ['no id', () => undefined],
    ['an empty id', () => ''],
    ['the same id each time', () => 'always'],
    ['ids that start anew', (index: number) => `${index % 3}`],
  ])('%s: every update is delivered, in order', async (_, idOf) => {
    const hub = await openScriptedHub();
    const driver = connect({ url: hub.url });
    const reports = logReports(driver);
    const heard = await listen(driver, 'room');
    const said = Array.from({ length: 9 }, (_, index) => `update ${index}`);
    for (const [index, data] of said.entries()) {
      const id = idOf(index);
      hub.send('room', { data, ...(id === undefined ? {} : { id }) });
    }
    await expect.poll(() => heard).toEqual(said);
    expect(reports).toEqual(NOTHING);
  });

  it('an empty id is none in `event.id`, and no cursor', async () => {
    const hub = await openScriptedHub();
    const driver = connect({ url: hub.url });
    const events = await listenToEvents(driver, 'room');
    hub.send('room', { id: 'known' });
    hub.send('room', { id: '' });
    await expect.poll(() => events.map(({ id }) => id)).toEqual(['known', undefined]);
    hub.stream.reset();
    await expect.poll(() => hub.subscriptions.length).toBe(2);
    expect(hub.subscriptions[1]!.cursor).toBe('known');
  });

  it('a hub that restarts and counts anew: what it says then is heard', async () => {
    const hub = await openScriptedHub();
    const driver = connect({ url: hub.url });
    const heard = await listen(driver, 'room');
    for (const round of ['before', 'after']) {
      for (const id of ['1', '2']) hub.send('room', { id, data: `${round} ${id}` });
      await expect.poll(() => heard.at(-1)).toBe(`${round} 2`);
      if (round === 'before') await reopens(driver, () => hub.stream.reset());
    }
    expect(heard).toEqual(['before 1', 'before 2', 'after 1', 'after 2']);
  });
});

it.each(['hub-made', 'signal:abc:1.1.random'])(
  'an update with the id %s that comes again is delivered once',
  async (id) => {
    const hub = await openScriptedHub();
    const driver = connect({ url: hub.url });
    const heard = await listen(driver, 'room');
    hub.send('room', { id, data: 'once' });
    await reopens(driver, () => hub.stream.reset());
    hub.send('room', { id, data: 'once' });
    hub.send('room', { id: 'last', data: 'last' });
    await expect.poll(() => heard).toEqual(['once', 'last']);
  },
);

describe('guessed ids', () => {
  /** The line of a publisher as everybody on the topic sees it, and what follows in it. */
  function guess(seen: string, sequence: number): string {
    return seen.replace(/\.\d+\.\w+/, `.${sequence}.guessed`);
  }

  it('take nothing from the honest publisher', async () => {
    const { url } = await openHub();
    const [honest, attacker, driver] = [connect({ url }), connect({ url }), connect({ url })];
    const reports = logReports(driver);
    const heard: string[] = [];
    let id = '';
    await driver.subscribe('room', (data, event) => {
      heard.push(decode(data));
      id = event.id!;
    });
    await honest.publish('room', encode('first'));
    await expect.poll(() => heard).toEqual(['first']);
    const seen = id;
    for (const sequence of [2, 3, 4, 5_000, 999_999_999_999_999]) {
      const form = { topic: 'room', id: guess(seen, sequence), data: `forged ${sequence}` };
      await fetch(url, { method: 'POST', body: new URLSearchParams(form) });
    }
    const said = Array.from({ length: 6 }, (_, index) => `honest ${index}`);
    for (const text of said) await honest.publish('room', encode(text));
    await expect.poll(() => heard.filter((text) => text.startsWith('honest'))).toEqual(said);
    for (const { missed = 0 } of reports.gaps) expect(missed).toBeLessThanOrEqual(10_000);
    expect(reports.errors).toEqual([]);
    await attacker.publish('room', encode('done'));
  });

  it('cannot be made: ids of one publisher in a row have nothing in common to count on', async () => {
    const { url } = await openHub();
    const driver = connect({ url });
    const events = await listenToEvents(driver, 'room');
    for (let count = 0; count < 20; count++) await driver.publish('room', []);
    await expect.poll(() => events.length).toBe(20);
    const randoms = events.map(({ id }) => id!.split('.').at(-1)!);
    expect(new Set(randoms).size).toBe(20);
    for (const random of randoms) expect(random.length).toBeGreaterThan(8);
    expect(events.every(({ own }) => own)).toBe(true);
  });
});

describe('a hole in the ids of a publisher', () => {
  const id = (sequence: number, line = 1) => `signal:ada:${line}.${sequence}.r${sequence}`;

  async function open() {
    const hub = await openScriptedHub();
    const driver = connect({ url: hub.url });
    const reports = logReports(driver);
    const heard = await listen(driver, 'room');
    const say = async (...ids: string[]) => {
      for (const each of ids) hub.send('room', { id: each, data: each });
      await expect.poll(() => heard.at(-1)).toBe(ids.at(-1));
    };
    return { hub, driver, reports, say };
  }

  it('is one gap that counts', async () => {
    const { reports, say } = await open();
    await say(id(1), id(5), id(6));
    expect(reports.gaps).toEqual([{ topics: ['room'], lastEventId: undefined, missed: 3 }]);
  });

  it('before the first of it that is heard is none', async () => {
    const { reports, say } = await open();
    await say(id(7), id(8));
    expect(reports).toEqual(NOTHING);
  });

  it('that is filled later, out of order, is no second one', async () => {
    const { reports, say } = await open();
    await say(id(1), id(4), id(2), id(3), id(5));
    expect(reports.gaps.map(({ missed }) => missed)).toEqual([2]);
  });

  it('larger than any publisher makes is none', async () => {
    const { reports, say } = await open();
    await say(id(1), id(1_000_000_000), id(2));
    expect(reports).toEqual(NOTHING);
  });

  it('is forgotten when nobody listens', async () => {
    const { driver, reports, say, hub } = await open();
    await say(id(1));
    await driver.unsubscribe('room');
    const heard = await listen(driver, 'room');
    hub.send('room', { id: id(5), data: 'back' });
    await expect.poll(() => heard).toEqual(['back']);
    expect(reports).toEqual(NOTHING);
  });

  it('stays one while another handler listens', async () => {
    const { driver, reports, say } = await open();
    const handler = () => {};
    await driver.subscribe('room', handler);
    await say(id(1));
    await driver.unsubscribe('room', handler);
    await driver.subscribe('room', handler);
    await say(id(3));
    expect(reports.gaps.map(({ missed }) => missed)).toEqual([1]);
  });
});

it.each([true, false])(
  'who leaves a topic and comes back is told of no gap (topics: %s)',
  async (topics) => {
    const { url } = await openHub({ topics });
    const [driver, other] = [connect({ url }), connect({ url })];
    const reports = logReports(driver);
    await listen(driver, 'steady');
    let heard = await listen(driver, 'room');
    await other.publish('room', encode('first'));
    await expect.poll(() => heard).toEqual(['first']);
    await driver.unsubscribe('room');
    for (let count = 0; count < 3; count++) await other.publish('room', encode('missed'));
    heard = await listen(driver, 'room');
    await other.publish('room', encode('last'));
    await expect.poll(() => heard.at(-1)).toBe('last');
    expect(reports).toEqual(NOTHING);
  },
);

it('who may not see private updates does not learn that there were any', async () => {
  const key = { key: 'k'.repeat(32) };
  const { url } = await openHub({ openToAll: true, subscriberJwt: key });
  const [driver, other] = [connect({ url }), connect({ url })];
  const reports = logReports(driver);
  const heard = await listen(driver, 'room');
  for (let round = 0; round < 3; round++) {
    await other.publish('room', encode(`public ${round}`));
    for (let count = 0; count < 4; count++) {
      await other.publish('room', encode('secret'), { private: true });
    }
  }
  await other.publish('room', encode('last'));
  await expect.poll(() => heard).toEqual(['public 0', 'public 1', 'public 2', 'last']);
  expect(reports).toEqual(NOTHING);
});

it('a publish that the hub refuses makes no hole for its subscribers', async () => {
  const hub = await openScriptedHub();
  const [driver, publisher] = [connect({ url: hub.url }), connect({ url: hub.url })];
  const reports = logReports(driver);
  const heard = await listen(driver, 'room');
  let refuses = false;
  hub.respond = ({ form }, reply) => {
    if (refuses) return reply.answer(413);
    hub.send('room', { id: form.get('id')!, data: form.get('data')! });
    reply.answer(200, form.get('id')!);
  };
  for (const text of ['one', 'refused', 'refused', 'two', 'three']) {
    refuses = text === 'refused';
    await publisher.publish('room', encode(text)).catch(() => {});
  }
  await expect.poll(() => heard).toEqual(['one', 'two', 'three']);
  expect(reports).toEqual(NOTHING);
});
