import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  toPeerixDriver,
  type Driver,
  type SignalEvent,
  type SignalingError,
} from '../../src/driver/index.js';

/** A hub and what connects to it. */
export interface World {
  connect(): Driver;
  close(): Promise<void> | void;
}

export interface WorldTraits {
  /** Whether an update keeps the id its publisher gave it. */
  keepsIds: boolean;
  /** The longest signal the hub takes, in bytes. */
  longest: number;
}

const encode = (value: string) => new TextEncoder().encode(value);
const decode = (value: Uint8Array) => new TextDecoder().decode(value);

/** What every driver does on every hub. */
export function describeDriver(
  name: string,
  open: () => Promise<World>,
  traits: WorldTraits,
): void {
  describe(name, () => {
    let world: World;
    const drivers: Driver[] = [];

    function connect(): Driver {
      const driver = world.connect();
      drivers.push(driver);
      return driver;
    }

    async function listen(driver: Driver, topic: string) {
      const heard: string[] = [];
      await driver.subscribe(topic, (data) => heard.push(decode(data)));
      return heard;
    }

    beforeEach(async () => {
      world = await open();
    });

    afterEach(async () => {
      for (const driver of drivers.splice(0)) driver.destroy();
      await world.close();
    });

    describe('signals', () => {
      it('reach every subscriber of the topic, the publisher too', async () => {
        const [alice, bob] = [connect(), connect()];
        const [heardByAlice, heardByBob] = [await listen(alice, 'room'), await listen(bob, 'room')];
        await alice.publish('room', encode('hello'));
        await expect.poll(() => [heardByAlice, heardByBob]).toEqual([['hello'], ['hello']]);
      });

      it('arrive in the order of their publishing, none left out', async () => {
        const [alice, bob] = [connect(), connect()];
        const heard = await listen(bob, 'room');
        const numbers = Array.from({ length: 200 }, (_, number) => String(number));
        await Promise.all(numbers.map((number) => alice.publish('room', encode(number))));
        await expect.poll(() => heard.length).toBe(200);
        expect(heard).toEqual(numbers);
      });

      it('stay on their topic', async () => {
        const driver = connect();
        const topics = ['one', 'two', 'three', 'four'];
        const heard = await Promise.all(topics.map((topic) => listen(driver, topic)));
        for (const topic of topics) await driver.publish(topic, encode(topic));
        await expect.poll(() => heard).toEqual(topics.map((topic) => [topic]));
      });

      it.each([
        'https://example.com/rooms/1?a=1&b=2#top',
        'a+b c%20d',
        'Zürich/東京/👋',
        '{not}/a/{template}',
      ])('go through on the topic %s', async (topic) => {
        const driver = connect();
        const heard = await listen(driver, topic);
        await driver.publish(topic, encode('here'));
        await expect.poll(() => heard).toEqual(['here']);
      });

      it('carry every byte, as Uint8Array or as numbers', async () => {
        const driver = connect();
        const heard: number[][] = [];
        await driver.subscribe('bytes', (data) => heard.push([...data]));
        const all = Array.from({ length: 256 }, (_, byte) => byte);
        await driver.publish('bytes', all);
        await driver.publish('bytes', Uint8Array.from(all));
        await driver.publish('bytes', []);
        await expect.poll(() => heard).toEqual([all, all, []]);
      });

      it('may be as long as the hub takes', async () => {
        const driver = connect();
        const heard: Uint8Array[] = [];
        await driver.subscribe('large', (data) => heard.push(data));
        const large = new Uint8Array(traits.longest).map((_, index) => index * 31);
        await driver.publish('large', large);
        await expect.poll(() => heard.length, { timeout: 5_000 }).toBe(1);
        // Not toEqual, which takes its time with that many.
        expect(heard[0]!.every((byte, index) => byte === large[index])).toBe(true);
        expect(heard[0]!.length).toBe(large.length);
      });

      it('tell their topic and whether they are one’s own', async () => {
        const [alice, bob] = [connect(), connect()];
        const events: SignalEvent[] = [];
        await alice.subscribe('room', (_, event) => events.push(event));
        await alice.publish('room', encode('mine'));
        await bob.publish('room', encode('theirs'));
        await expect.poll(() => events.length).toBe(2);
        expect(events.map(({ topic }) => topic)).toEqual(['room', 'room']);
        if (!traits.keepsIds) return;
        expect(events.map(({ own }) => own)).toEqual([true, false]);
        expect(new Set(events.map(({ id }) => id)).size).toBe(2);
      });

      it.runIf(traits.keepsIds)('tell the type their publisher gave them', async () => {
        const driver = connect();
        const types: string[] = [];
        await driver.subscribe('room', (_, { type }) => types.push(type));
        await driver.publish('room', [], { type: 'offer' });
        await driver.publish('room', []);
        await expect.poll(() => types).toEqual(['offer', 'message']);
      });
    });

    describe('handlers', () => {
      it('that subscribe at once to one topic hear every signal once', async () => {
        const driver = connect();
        const heard: string[] = [];
        await Promise.all([
          driver.subscribe('room', () => heard.push('first')),
          driver.subscribe('room', () => heard.push('second')),
        ]);
        await driver.publish('room', encode('hello'));
        await expect.poll(() => heard.length).toBe(2);
        await driver.publish('room', encode('again'));
        await expect.poll(() => heard).toEqual(['first', 'second', 'first', 'second']);
      });

      it('hear nothing more once unsubscribed, while others do', async () => {
        const driver = connect();
        const gone = vi.fn();
        await driver.subscribe('room', gone);
        const heard = await listen(driver, 'room');
        await driver.unsubscribe('room', gone);
        await driver.publish('room', encode('hello'));
        await expect.poll(() => heard).toEqual(['hello']);
        expect(gone).not.toHaveBeenCalled();
      });

      it('are not called for a signal that is being delivered when they leave', async () => {
        const driver = connect();
        const second = vi.fn();
        const first = vi.fn(() => void driver.unsubscribe('room', second));
        await driver.subscribe('room', first);
        await driver.subscribe('room', second);
        await driver.publish('room', encode('hello'));
        await expect.poll(() => first.mock.calls.length).toBe(1);
        expect(second).not.toHaveBeenCalled();
      });

      it('leave all at once where none is named', async () => {
        const driver = connect();
        const gone = vi.fn();
        await driver.subscribe('room', gone);
        await driver.subscribe('room', () => gone());
        const heard = await listen(driver, 'other');
        await driver.unsubscribe('room');
        await driver.publish('room', encode('hello'));
        await driver.publish('other', encode('done'));
        await expect.poll(() => heard).toEqual(['done']);
        expect(gone).not.toHaveBeenCalled();
      });

      it('that throw are reported, and everyone else is served', async () => {
        const driver = connect();
        const errors: SignalingError[] = [];
        driver.on('error', (error) => errors.push(error));
        const mistake = new Error('a mistake');
        await driver.subscribe('room', () => {
          throw mistake;
        });
        const heard = await listen(driver, 'room');
        await driver.publish('room', encode('hello'));
        await driver.publish('room', encode('again'));
        await expect.poll(() => heard).toEqual(['hello', 'again']);
        expect(errors).toMatchObject([
          { code: 'handler', topic: 'room', cause: mistake },
          { code: 'handler', topic: 'room', cause: mistake },
        ]);
      });

      it('may come back to a topic', async () => {
        const driver = connect();
        const handler = vi.fn();
        await driver.subscribe('room', handler);
        await driver.unsubscribe('room', handler);
        const heard = await listen(driver, 'room');
        await driver.publish('room', encode('hello'));
        await expect.poll(() => heard).toEqual(['hello']);
        expect(handler).not.toHaveBeenCalled();
      });

      it('may leave a topic and come back at once', async () => {
        const driver = connect();
        const handler = vi.fn();
        await driver.subscribe('room', handler);
        void driver.unsubscribe('room', handler);
        const heard = await listen(driver, 'room');
        expect(driver.active).toBe(true);
        await driver.publish('room', encode('hello'));
        await expect.poll(() => heard).toEqual(['hello']);
        expect(handler).not.toHaveBeenCalled();
      });
    });

    describe('the connection', () => {
      it('is idle until somebody listens, and again when nobody does', async () => {
        const driver = connect();
        const seen: string[] = [];
        driver.on('connection', ({ status }) => seen.at(-1) === status || seen.push(status));
        driver.on('active', () => seen.push('(active)'));
        driver.on('inactive', () => seen.push('(inactive)'));
        expect(driver.active).toBe(false);
        expect(driver.connection).toMatchObject({ status: 'idle', error: undefined, queued: 0 });
        const handler = () => {};
        await driver.subscribe('room', handler);
        await expect.poll(() => driver.active).toBe(true);
        await driver.unsubscribe('room', handler);
        await expect.poll(() => driver.connection.status).toBe('idle');
        expect(seen.filter((status) => status !== 'connecting')).toEqual([
          'open',
          '(active)',
          'idle',
          '(inactive)',
        ]);
      });

      it('tells who subscribes, unsubscribes and publishes', async () => {
        const driver = connect();
        const seen: unknown[][] = [];
        for (const event of ['subscribe', 'unsubscribe', 'publish'] as const) {
          driver.on(event, (...args: unknown[]) => seen.push([event, ...args]));
        }
        const handler = () => {};
        await driver.subscribe('room', handler);
        await driver.publish('room', [1, 2]);
        await driver.unsubscribe('room', handler);
        expect(seen).toEqual([
          ['subscribe', 'room', handler],
          ['publish', 'room', [1, 2]],
          ['unsubscribe', 'room', handler],
        ]);
      });

      it('tells nobody who has turned away', async () => {
        const driver = connect();
        const listener = vi.fn();
        driver.on('connection', listener);
        driver.off('connection', listener);
        await driver.subscribe('room', () => {});
        expect(listener).not.toHaveBeenCalled();
      });
    });

    describe('what cannot work', () => {
      it.each([[''], [undefined], [null], [7]])('the topic %j rejects', async (topic) => {
        const driver = connect();
        const usage = { name: 'SignalingError', code: 'usage' };
        await expect(driver.subscribe(topic as string, () => {})).rejects.toMatchObject(usage);
        await expect(driver.publish(topic as string, [])).rejects.toMatchObject(usage);
        expect(driver.connection.status).toBe('idle');
      });

      it('data that is no bytes rejects', async () => {
        const driver = connect();
        const publish = driver.publish('room', 'text' as unknown as Uint8Array);
        await expect(publish).rejects.toMatchObject({ code: 'usage' });
      });

      it('leaving before the hub has answered cancels', async () => {
        const driver = connect();
        const handler = vi.fn();
        const subscribed = driver.subscribe('room', handler);
        void driver.unsubscribe('room', handler);
        await expect(subscribed).rejects.toMatchObject({ code: 'cancelled' });
        await expect.poll(() => driver.connection.status).toBe('idle');
      });

      it('a driver that was destroyed rejects, also what was under way', async () => {
        const driver = connect();
        const under = driver.subscribe('room', () => {});
        driver.destroy();
        driver.destroy();
        const destroyed = { code: 'destroyed' };
        await expect(under).rejects.toMatchObject(destroyed);
        await expect(driver.subscribe('room', () => {})).rejects.toMatchObject(destroyed);
        await expect(driver.publish('room', [])).rejects.toMatchObject(destroyed);
        expect(driver.active).toBe(false);
        expect(driver.connection.status).toBe('closed');
      });
    });

    it('serves a Peerix room: namespaces, and nothing sent before it is active', async () => {
      const driver = toPeerixDriver(connect());
      const heard: number[][] = [];
      const namespace = ['room-id', 'peer-id'];
      await driver.subscribe(namespace, (data) => heard.push(Array.from(data)));
      expect(driver.active).toBe(true);
      await driver.publish(['room-id'], [0]);
      await driver.publish(namespace, [1, 2, 3]);
      await expect.poll(() => heard).toEqual([[1, 2, 3]]);
      await driver.unsubscribe(namespace);
      await expect.poll(() => driver.active).toBe(false);
    });
  });
}
