// @vitest-environment node
import { describe, expect, it } from 'vitest';
import {
  json,
  type Codec,
  type SignalHandler,
  type SseDriverOptions,
} from '../../src/driver/index.js';
import { ValueReader } from '../../src/driver/values.js';
import { connect, decode, encode, listen, logReports, openHub, reasonOf } from './rig.js';

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('`encoding` of one topic', () => {
  it.each<SseDriverOptions['encoding']>([undefined, 'base64', 'text'])(
    'beside another one, whatever the driver has: %s',
    async (encoding) => {
      const { url, hub } = await openHub();
      const driver = connect({ url, encoding });
      const reports = logReports(driver);
      const plain = await listen(driver, 'plain', { encoding: 'text' });
      const coded = await listen(driver, 'coded', { encoding: 'base64' });
      const own = await listen(driver, 'own');
      hub.publish({ topics: ['plain'], data: 'ü' });
      hub.publish({ topics: ['coded'], data: base64('ü') });
      await driver.publish('plain', encode('two'), { encoding: 'text' });
      await driver.publish('coded', encode('two'), { encoding: 'base64' });
      await driver.publish('own', encode('two'));
      await expect.poll(() => [plain, coded, own]).toEqual([['ü', 'two'], ['ü', 'two'], ['two']]);
      expect(reports.errors).toEqual([]);
    },
  );

  it('may differ between two handlers of one topic', async () => {
    const { url, hub } = await openHub();
    const driver = connect({ url });
    const asText = await listen(driver, 'room', { encoding: 'text' });
    const asBytes = await listen(driver, 'room', { encoding: 'base64' });
    hub.publish({ topics: ['room'], data: base64('hello') });
    await expect.poll(() => [asText, asBytes]).toEqual([[base64('hello')], ['hello']]);
  });

  it('that its updates do not have is reported, and the next one is heard', async () => {
    const { url, hub } = await openHub();
    const driver = connect({ url, encoding: 'base64' });
    const reports = logReports(driver);
    const heard = await listen(driver, 'room');
    for (const data of ['{"not": "base64"}', base64('fine')])
      hub.publish({ topics: ['room'], data });
    await expect.poll(() => heard).toEqual(['fine']);
    expect(reports.errors).toMatchObject([{ code: 'decode', topic: 'room' }]);
    expect(reports.errors[0]!.message).toContain("encoding: 'text'");
  });

  it('`text` rejects bytes that are no text', async () => {
    const { url } = await openHub();
    const published = connect({ url }).publish('room', [0xff], { encoding: 'text' });
    expect(await reasonOf(published)).toMatchObject({ code: 'usage' });
  });
});

/** What can be settled from outside, in any order. */
function deferred<Value>() {
  let resolve!: (value: Value) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<Value>((...settle) => ([resolve, reject] = settle));
  return { promise, resolve, reject };
}

describe('a codec that takes its time', () => {
  it('to encode: the hub gets the signals of a topic in the order of their publishing', async () => {
    const { url } = await openHub();
    const driver = connect({ url });
    const heard = await listen(driver, 'room');
    const [slow, quick] = [deferred<Uint8Array>(), deferred<Uint8Array>()];
    const published = [
      driver.publish('room', slow.promise),
      driver.publish('room', quick.promise),
      driver.publish('room', encode('three')),
    ];
    quick.resolve(encode('two'));
    await driver.publish('elsewhere', encode('x'));
    expect(heard).toEqual([]);
    slow.resolve(encode('one'));
    await Promise.all(published);
    await expect.poll(() => heard).toEqual(['one', 'two', 'three']);
  });

  it('to encode, and fails: that publish rejects, the next one goes out, none is missing', async () => {
    const { url } = await openHub();
    const driver = connect({ url });
    const reports = logReports(driver);
    const heard = await listen(driver, 'room');
    const mistake = new Error('no key');
    await driver.publish('room', encode('one'));
    const failed = reasonOf(driver.publish('room', Promise.reject(mistake)));
    const published = driver.publish('room', encode('two'));
    expect(await failed).toBe(mistake);
    await published;
    await expect.poll(() => heard).toEqual(['one', 'two']);
    expect(reports.gaps).toEqual([]);
    expect(driver.connection.queued).toBe(0);
  });

  it('to decode: values come in the order of their signals', async () => {
    const pending = [deferred<string>(), deferred<string>(), deferred<string>()];
    const codec: Codec<string> = {
      encode,
      decode: (bytes) => {
        const text = decode(bytes);
        return text.startsWith('slow') ? pending[Number(text.at(-1))]!.promise : text;
      },
    };
    const reader = new ValueReader();
    const results: unknown[] = [];
    const read = (text: string) =>
      reader.read(encode(text), 'room', 'room', { codec }, (result) =>
        results.push('value' in result ? result.value : result.error.code),
      );
    read('first');
    expect(results).toEqual(['first']);
    for (const text of ['slow 0', 'quick', 'slow 1', 'slow 2']) read(text);
    pending[2]!.resolve('2');
    pending[1]!.reject(new Error('no key'));
    await Promise.resolve();
    expect(results).toEqual(['first']);
    pending[0]!.resolve('0');
    await expect.poll(() => results).toEqual(['first', '0', 'quick', 'decode', '2']);
    read('at once again');
    expect(results.at(-1)).toBe('at once again');
  });

  it('to decode: a handler that throws holds back none that follow', async () => {
    const codec: Codec<unknown> = {
      ...json,
      decode: async (bytes) => json.decode(bytes) as unknown,
    };
    const reader = new ValueReader();
    const heard: unknown[] = [];
    for (const value of [1, 2, 3]) {
      reader.read(
        json.encode(value) as Uint8Array<ArrayBuffer>,
        'room',
        'room',
        { codec },
        (result) => {
          heard.push(result);
        },
      );
    }
    await expect.poll(() => heard).toEqual([{ value: 1 }, { value: 2 }, { value: 3 }]);
  });
});

describe('a handler', () => {
  it('whose promise rejects is reported as one that throws', async () => {
    const { url, hub } = await openHub();
    const driver = connect({ url });
    const reports = logReports(driver);
    const mistake = new Error('a mistake');
    await driver.subscribe('room', async () => {
      await Promise.resolve();
      throw mistake;
    });
    const heard = await listen(driver, 'room');
    for (const data of ['one', 'two']) hub.publish({ topics: ['room'], data });
    await expect.poll(() => heard).toEqual(['one', 'two']);
    const error = { code: 'handler', topic: 'room', cause: mistake };
    await expect.poll(() => reports.errors).toMatchObject([error, error]);
  });

  it('that is added during a delivery gets the next signal, not this one', async () => {
    const { url, hub } = await openHub();
    const driver = connect({ url });
    const late: string[] = [];
    const add: SignalHandler = (data) => late.push(decode(data));
    let isAdded = false;
    await driver.subscribe('room', () => {
      if (!isAdded) void driver.subscribe('room', add);
      isAdded = true;
    });
    const heard = await listen(driver, 'room');
    for (const data of ['one', 'two']) hub.publish({ topics: ['room'], data });
    await expect.poll(() => heard).toEqual(['one', 'two']);
    expect(late).toEqual(['two']);
  });
});
