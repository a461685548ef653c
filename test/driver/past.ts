import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Driver, SignalHandler, SubscribeOptions, Topics } from '../../src/driver/index.js';
import { decode, encode, logReports, reasonOf } from './rig.js';
import type { World } from './suite.js';

/** What a handler heard: `+` is live, everything else past. */
interface Listener {
  heard: string[];
  handler: SignalHandler;
  /** Resolves when the subscription is there. */
  ready: Promise<void>;
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
const live = (texts: readonly string[]) => texts.map((text) => `+${text}`);

/** What `since` does, on every hub that keeps a history. */
export function describePast(name: string, open: () => Promise<World>): void {
  describe(`the past on ${name}`, () => {
    let world: World;
    let publisher: Driver;
    const drivers: Driver[] = [];

    function connect(): Driver {
      const driver = world.connect();
      drivers.push(driver);
      return driver;
    }

    async function publish(topic: string, texts: readonly string[]): Promise<void> {
      await Promise.all(texts.map((text) => publisher.publish(topic, encode(text))));
    }

    /** Publishes, and returns the ids of the updates. */
    async function publishForIds(topic: string, texts: readonly string[]): Promise<string[]> {
      const ids: string[] = [];
      const note: SignalHandler = (_, { id }) => ids.push(id!);
      await publisher.subscribe(topic, note);
      await publish(topic, texts);
      await expect.poll(() => ids.length).toBe(texts.length);
      await publisher.unsubscribe(topic, note);
      return ids;
    }

    function listen(driver: Driver, topics: Topics, options: SubscribeOptions = {}): Listener {
      const heard: string[] = [];
      const handler: SignalHandler = (data, { past }) =>
        heard.push(`${past ? '' : '+'}${decode(data)}`);
      const ready = driver.subscribe(topics, handler, options);
      ready.catch(() => {});
      return { heard, handler, ready };
    }

    beforeEach(async () => {
      world = await open();
      publisher = connect();
    });

    afterEach(async () => {
      for (const driver of drivers.splice(0)) driver.destroy();
      await world.close();
    });

    it('comes first, in order, and then what is live', async () => {
      await publish('room', range(1, 20));
      await publish('elsewhere', ['x']);
      const { heard, ready } = listen(connect(), 'room', { since: 'earliest' });
      await ready;
      expect(heard).toEqual(range(1, 20));
      await publish('room', range(21, 23));
      await expect.poll(() => heard).toEqual([...range(1, 20), ...live(range(21, 23))]);
    });

    it('begins behind an id', async () => {
      const ids = await publishForIds('room', range(1, 9));
      const { heard, ready } = listen(connect(), 'room', { since: ids[5]! });
      await ready;
      await publish('room', ['10']);
      await expect.poll(() => heard).toEqual(['7', '8', '9', '+10']);
    });

    it('begins behind an id of another topic', async () => {
      await publish('room', ['1']);
      const [id] = await publishForIds('elsewhere', ['x']);
      await publish('room', ['2']);
      const { heard, ready } = listen(connect(), 'room', { since: id! });
      await ready;
      expect(heard).toEqual(['2']);
    });

    it('may be empty', async () => {
      await publish('elsewhere', ['x']);
      const { heard, ready } = listen(connect(), 'room', { since: 'earliest' });
      await ready;
      await publish('room', ['1']);
      await expect.poll(() => heard).toEqual(['+1']);
    });

    it('meets the present without a hole while others publish', async () => {
      await publish('room', range(1, 50));
      const all = publish('room', range(51, 250));
      const { heard } = listen(connect(), 'room', { since: 'earliest' });
      await all;
      const text = () => heard.map((each) => each.replace('+', ''));
      await expect.poll(text).toEqual(range(1, 250));
      const firstLive = heard.findIndex((each) => each.startsWith('+'));
      expect(firstLive === -1 || firstLive >= 50).toBe(true);
      expect(heard.slice(firstLive).every((each) => each.startsWith('+'))).toBe(firstLive !== -1);
    });

    it('is only for those who asked for it', async () => {
      const driver = connect();
      await publish('room', range(1, 5));
      const others = ['room', 'a', 'b'].map((topic) => listen(driver, topic));
      await Promise.all(others.map(({ ready }) => ready));
      const late = listen(driver, 'room', { since: 'earliest' });
      const later = listen(driver, 'c', { since: 'earliest' });
      await Promise.all([late.ready, later.ready]);
      await publish('room', ['6']);
      for (const topic of ['a', 'b', 'c']) await publish(topic, [topic]);
      await expect.poll(() => late.heard).toEqual([...range(1, 5), '+6']);
      await expect.poll(() => later.heard).toEqual(['+c']);
      await expect.poll(() => others.map(({ heard }) => heard)).toEqual([['+6'], ['+a'], ['+b']]);
    });

    it('is that of each handler', async () => {
      const driver = connect();
      const ids = await publishForIds('room', range(1, 6));
      const all = listen(driver, 'room', { since: 'earliest' });
      const some = listen(driver, 'room', { since: ids[3]! });
      const none = listen(driver, 'room');
      const again = listen(driver, 'room', { since: 'earliest' });
      await Promise.all([all, some, none, again].map(({ ready }) => ready));
      await publish('room', ['7']);
      await expect.poll(() => all.heard).toEqual([...range(1, 6), '+7']);
      await expect.poll(() => some.heard).toEqual(['5', '6', '+7']);
      await expect.poll(() => none.heard).toEqual(['+7']);
      await expect.poll(() => again.heard).toEqual([...range(1, 6), '+7']);
    });

    it('of several topics comes on many subscriptions at once', async () => {
      const driver = connect();
      const topics = ['a', 'b', 'c', 'd', 'e'];
      for (const topic of topics) await publish(topic, [`${topic}1`, `${topic}2`]);
      const lists = topics.map((topic) => listen(driver, topic, { since: 'earliest' }));
      const both = listen(driver, ['a', 'b'], { since: 'earliest' });
      await Promise.all([...lists, both].map(({ ready }) => ready));
      for (const topic of topics) await publish(topic, [`${topic}3`]);
      await expect
        .poll(() => lists.map(({ heard }) => heard))
        .toEqual(topics.map((topic) => [`${topic}1`, `${topic}2`, `+${topic}3`]));
      await expect.poll(() => both.heard).toEqual(['a1', 'a2', 'b1', 'b2', '+a3', '+b3']);
    });

    it('asked for twice by one handler comes once', async () => {
      const driver = connect();
      await publish('room', range(1, 3));
      const { heard, handler, ready } = listen(driver, 'room', { since: 'earliest' });
      await driver.subscribe('room', handler, { since: 'earliest' });
      await driver.subscribe('room', handler);
      await ready;
      await publish('room', ['4']);
      await expect.poll(() => heard).toEqual([...range(1, 3), '+4']);
    });

    it('comes once where a subscription ends and begins anew at once, as in StrictMode', async () => {
      const driver = connect();
      await publish('room', range(1, 3));
      const heard: string[] = [];
      const handler: SignalHandler = (data) => heard.push(decode(data));
      const first = driver.subscribe('room', handler, { since: 'earliest' });
      void driver.unsubscribe('room', handler);
      const second = driver.subscribe('room', handler, { since: 'earliest' });
      expect(await reasonOf(first)).toMatchObject({ code: 'cancelled' });
      await second;
      await publish('room', ['4']);
      await expect.poll(() => heard).toEqual(range(1, 4));
    });

    it('goes on where it was when the stream breaks in the middle of it', async () => {
      const driver = connect();
      await publish('room', range(1, 600));
      const reports = logReports(driver);
      const other = listen(driver, 'other');
      await other.ready;
      await publish('other', ['x']);
      await expect.poll(() => other.heard).toEqual(['+x']);
      const { heard, ready } = listen(driver, 'room', { since: 'earliest' });
      for (const count of [1, 200, 500]) {
        await expect.poll(() => heard.length).toBeGreaterThanOrEqual(count);
        driver.reconnect();
      }
      await ready;
      await publish('room', ['601']);
      await expect.poll(() => heard.at(-1)).toBe('+601');
      expect(heard).toEqual([...range(1, 600), '+601']);
      expect(other.heard).toEqual(['+x']);
      expect(reports).toEqual({ gaps: [], errors: [] });
    });

    it('ends with its subscription', async () => {
      const driver = connect();
      await publish('room', range(1, 200));
      const heard: string[] = [];
      const handler: SignalHandler = (data) => {
        heard.push(decode(data));
        if (heard.length === 10) void driver.unsubscribe('room', handler);
      };
      const subscribed = driver.subscribe('room', handler, { since: 'earliest' });
      expect(await reasonOf(subscribed)).toMatchObject({ code: 'cancelled' });
      expect(heard).toEqual(range(1, 10));
      await expect.poll(() => driver.connection.status).toBe('idle');
      await publish('room', ['201']);
      expect(heard).toEqual(range(1, 10));
    });

    it('that the hub does not remember is a gap', async () => {
      const driver = connect();
      await publish('room', range(1, 3));
      const reports = logReports(driver);
      const { heard, ready } = listen(driver, 'room', { since: 'urn:uuid:unknown' });
      await ready;
      const gap = { topics: ['room'], lastEventId: 'urn:uuid:unknown', missed: undefined };
      expect(reports).toEqual({ gaps: [gap], errors: [] });
      await publish('room', ['4']);
      await expect.poll(() => heard).toEqual(['+4']);
    });

    it('has a state of its own', async () => {
      const driver = connect();
      await publish('room', range(1, 3));
      const other = listen(driver, 'room');
      await other.ready;
      const { handler, ready } = listen(driver, 'room', { since: 'earliest' });
      expect(driver.stateOf('room', handler).status).toBe('connecting');
      expect(driver.stateOf('room', other.handler).status).toBe('open');
      expect(driver.stateOf('room').status).toBe('open');
      await ready;
      expect(driver.stateOf('room', handler).status).toBe('open');
      await driver.unsubscribe('room', other.handler);
      expect(driver.stateOf('room').status).toBe('open');
      await driver.unsubscribe('room');
      expect(driver.stateOf('room').status).toBe('idle');
    });

    it.each([[''], [' \n'], [7], [null], [{}], ['a\u0000b']])(
      'cannot begin at %j',
      async (since) => {
        const { heard, ready } = listen(connect(), 'room', { since: since as string });
        expect(await reasonOf(ready)).toMatchObject({ code: 'usage' });
        expect(heard).toEqual([]);
      },
    );
  });
}
