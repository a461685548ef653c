// @vitest-environment node
import {
  createCipheriv,
  createDecipheriv,
  hkdfSync,
  pbkdf2Sync,
  randomBytes,
  webcrypto,
} from 'node:crypto';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  MemoryDriver,
  MemoryHub,
  sealed,
  SseDriver,
  text,
  type ByteArray,
  type Codec,
  type Secret,
  type SignalingError,
} from '../../src/driver/index.js';
import { ValueReader } from '../../src/driver/values.js';
import { startHub } from '../../src/testing/index.js';

const secret = Uint8Array.from({ length: 32 }, (_, index) => index);
const other = Uint8Array.from({ length: 32 }, (_, index) => 255 - index);
const TOPIC = 'https://example.com/rooms/1';
/** Made by node:crypto: author 09…09, number 42, nonce 00…0b. */
const KNOWN_ANSWER =
  'AXcn/Ux6MggkAAECAwQFBgcICQoL+jiqg5WFK7fXBCAP61QSUu1SdQESO3Ky0KdkDRc+0qWWYuxB3hw5q7iThco9NvLd0dqnWA==';

/** One subscription that hears with this codec. */
function listen(codec: Codec<unknown>, topic: string | undefined = TOPIC) {
  const reader = new ValueReader();
  return (bytes: Uint8Array) =>
    new Promise<unknown>((resolve, reject) => {
      reader.read(bytes as ByteArray, topic, 'the room', { codec }, (result) =>
        'error' in result ? reject(result.error) : resolve(result.value),
      );
    });
}

// What node:crypto makes of the format that sealed.ts describes.

const derive = (ikm: Uint8Array, info: string, length: number) =>
  Buffer.from(hkdfSync('sha256', ikm, '', `react-signaling sealed ${info}`, length));

const additionalData = Buffer.from(`react-signaling sealed\n${TOPIC}`);

function sealByNode(ikm: Uint8Array, author: Buffer, number: number, body: string): Uint8Array {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', derive(ikm, 'key', 32), nonce);
  cipher.setAAD(additionalData);
  const count = Buffer.alloc(8);
  count.writeBigUInt64BE(BigInt(number));
  const plain = Buffer.concat([author, count, Buffer.from(body)]);
  const encrypted = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return Uint8Array.from(Buffer.concat([Buffer.of(1), derive(ikm, 'id', 8), nonce, encrypted]));
}

function openByNode(ikm: Uint8Array, bytes: Uint8Array): { number: number; body: string } {
  expect(bytes[0]).toBe(1);
  expect(Buffer.from(bytes.subarray(1, 9))).toEqual(derive(ikm, 'id', 8));
  const key = derive(ikm, 'key', 32);
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(9, 21));
  decipher.setAAD(additionalData);
  decipher.setAuthTag(bytes.subarray(-16));
  const plain = Buffer.concat([decipher.update(bytes.subarray(21, -16)), decipher.final()]);
  return { number: Number(plain.readBigUInt64BE(16)), body: plain.subarray(24).toString() };
}

const hkdfKey = (usages: KeyUsage[]) =>
  webcrypto.subtle.importKey('raw', secret, 'HKDF', false, usages);

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the form of a sealed signal', () => {
  it('is what another implementation of AES-GCM and HKDF opens', async () => {
    const codec = sealed(secret);
    const numbers: number[] = [];
    for (const value of ['one', 'two']) {
      const { number, body } = openByNode(secret, await codec.encode(value, TOPIC));
      expect(JSON.parse(body)).toBe(value);
      numbers.push(number);
    }
    expect(numbers).toEqual([1, 2]);
  });

  it('is what another implementation seals', async () => {
    const bytes = sealByNode(secret, randomBytes(16), 7, '{"hello":"world"}');
    expect(await listen(sealed(secret))(bytes)).toEqual({ hello: 'world' });
  });

  it('opens what was sealed once, years ago', async () => {
    const bytes = Uint8Array.from(Buffer.from(KNOWN_ANSWER, 'base64'));
    expect(await listen(sealed(secret, text))(bytes)).toBe('known answer');
  });

  it('takes a passphrase through 600,000 rounds of PBKDF2', async () => {
    const ikm = pbkdf2Sync('é', 'my-app', 600_000, 32, 'sha256');
    // Typed as one character or as two, it is the same passphrase.
    for (const passphrase of ['\u00e9', 'e\u0301']) {
      const bytes = await sealed({ passphrase, salt: 'my-app' }, text).encode('hello', TOPIC);
      expect(openByNode(ikm, bytes).body).toBe('hello');
    }
  });

  it('takes a CryptoKey that derives', async () => {
    const codec = sealed(await hkdfKey(['deriveKey', 'deriveBits']), text);
    expect(openByNode(secret, await codec.encode('hello', TOPIC)).body).toBe('hello');
  });

  it('is 61 bytes longer', async () => {
    expect(await sealed(secret, text).encode('hello', TOPIC)).toHaveLength(5 + 61);
  });
});

describe('a sealed signal', () => {
  it('is opened with the same secret only', async () => {
    const bytes = await sealed(secret).encode('hello', TOPIC);
    await expect(listen(sealed(other))(bytes)).rejects.toMatchObject({
      code: 'secret',
      topic: TOPIC,
      message: expect.stringContaining('another secret'),
    });
  });

  it('is refused where any byte of it was changed', async () => {
    const bytes = await sealed(secret).encode('hello', TOPIC);
    for (let index = 0; index < bytes.length; index++) {
      const changed = Uint8Array.from(bytes);
      changed[index]! ^= 1;
      await expect(listen(sealed(secret))(changed)).rejects.toMatchObject({
        code: index === 0 ? 'decode' : index < 9 ? 'secret' : 'tampered',
      });
    }
  });

  it('is refused on another topic, and where the topic is not known', async () => {
    const codec = sealed(secret);
    const bytes = await codec.encode('hello', TOPIC);
    await expect(listen(codec, `${TOPIC}/2`)(bytes)).rejects.toMatchObject({ code: 'tampered' });
    const reader = new ValueReader();
    const error = await new Promise((resolve) =>
      reader.read(bytes as ByteArray, undefined, 'two topics', { codec }, resolve),
    );
    expect(error).toMatchObject({ error: { code: 'usage' } });
  });

  it('is refused a second time by each subscription, and by no other', async () => {
    const codec = sealed(secret);
    const bytes = await codec.encode('hello', TOPIC);
    const [first, second] = [listen(codec), listen(codec)];
    expect(await first(bytes)).toBe('hello');
    await expect(first(bytes)).rejects.toMatchObject({ code: 'replayed', topic: TOPIC });
    expect(await second(bytes)).toBe('hello');
  });

  it('may be overtaken by later ones, and is refused once 2,000 have come', async () => {
    const codec = sealed(secret);
    const late: Uint8Array[] = [];
    const early: Uint8Array[] = [];
    const hear = listen(codec);
    for (let count = 0; count < 2_000; count++) {
      const bytes = await codec.encode(count, TOPIC);
      if (count === 0 || count === 1) late.push(bytes);
      else early.push(bytes);
    }
    for (const bytes of early) await hear(bytes);
    expect(await hear(late[1]!)).toBe(1);
    expect(await hear(await codec.encode('next', TOPIC))).toBe('next');
    await expect(hear(late[0]!)).rejects.toMatchObject({ code: 'replayed' });
  });

  it('is counted for each author and topic', async () => {
    const [ada, bob] = [sealed(secret), sealed(secret)];
    const here = listen(sealed(secret));
    const first = await ada.encode('first', `${TOPIC}/2`);
    const second = await ada.encode('second', TOPIC);
    expect(await here(await bob.encode('bob', TOPIC))).toBe('bob');
    expect(await here(second)).toBe('second');
    expect(await listen(ada, `${TOPIC}/2`)(first)).toBe('first');
  });

  it.each([
    ['JSON', '{"hello":"world"}'],
    ['nothing', ''],
    ['a version to come', `\u0002${'x'.repeat(99)}`],
    ['too short', '\u0001short'],
  ])('is not %s', async (_, words) => {
    await expect(listen(sealed(secret))(text.encode(words))).rejects.toMatchObject({
      code: 'decode',
    });
  });
});

describe('several secrets', () => {
  it('seal with the first one and open with all', async () => {
    const [old, both, next] = [sealed(secret), sealed([other, secret]), sealed(other)];
    expect(await listen(both)(await old.encode('old', TOPIC))).toBe('old');
    const bytes = await both.encode('new', TOPIC);
    expect(await listen(next)(bytes)).toBe('new');
    await expect(listen(old)(bytes)).rejects.toMatchObject({ code: 'secret' });
  });
});

describe('a bad secret', () => {
  it.each<[string, unknown]>([
    ['a text', 'password'],
    ['too few bytes', new Uint8Array(15)],
    ['an empty passphrase', { passphrase: '', salt: 'my-app' }],
    ['a passphrase without a salt', { passphrase: 'words' }],
    ['no list of secrets', []],
    ['nothing', undefined],
    ['null', null],
  ])('is refused at once: %s', (_, bad) => {
    expect(() => sealed(bad as Secret)).toThrow(
      expect.objectContaining({ name: 'SignalingError', code: 'usage' }),
    );
  });

  it('is refused at once: a key that cannot derive both', async () => {
    const key = await hkdfKey(['deriveBits']);
    expect(() => sealed(key)).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  it('is not shown by any error', async () => {
    const passphrase = 'never to be seen';
    const bytes = await sealed({ passphrase, salt: 'a' }).encode('hello', TOPIC);
    const error = await listen(sealed({ passphrase, salt: 'b' }))(bytes).catch(
      (error: SignalingError) => error,
    );
    const { code, message, stack } = error as SignalingError;
    expect(code).toBe('secret');
    expect(`${message}${JSON.stringify(error)}${stack}`).not.toContain(passphrase);
  });
});

it('says what to do on a page without Web Crypto', async () => {
  const codec = sealed(secret);
  const bytes = await codec.encode('hello', TOPIC);
  vi.stubGlobal('crypto', { getRandomValues: webcrypto.getRandomValues.bind(webcrypto) });
  const insecure = { code: 'usage', message: expect.stringContaining('https') };
  await expect(sealed(secret).encode('hello', TOPIC)).rejects.toMatchObject(insecure);
  await expect(listen(sealed(secret))(bytes)).rejects.toMatchObject(insecure);
});

describe('over a hub', () => {
  it('hears again what it missed, and refuses what somebody publishes a second time', async () => {
    const { url, close } = await startHub();
    onTestFinished(() => close());
    const drivers = [1, 2].map(() => new SseDriver({ url, retry: { base: 10, max: 50 } }));
    const [ada, bob] = drivers as [SseDriver, SseDriver];
    onTestFinished(() => drivers.forEach((driver) => driver.destroy()));
    const codec = sealed(secret);
    const hear = listen(codec);
    const heard: unknown[] = [];
    const wire: Uint8Array[] = [];
    await bob.subscribe(TOPIC, (bytes) => {
      wire.push(bytes);
      hear(bytes).then(
        (value) => heard.push(value),
        ({ code }) => heard.push(code),
      );
    });
    const say = async (value: unknown) =>
      ada.publish(TOPIC, Promise.resolve(codec.encode(value, TOPIC)));
    await say('one');
    await say('two');
    bob.reconnect();
    await say('three');
    await expect.poll(() => heard).toEqual(['one', 'two', 'three']);
    await ada.publish(TOPIC, wire[0]!);
    await expect.poll(() => heard).toEqual(['one', 'two', 'three', 'replayed']);
  });

  it('keeps the order of what is published at once', async () => {
    const driver = new MemoryDriver(new MemoryHub());
    onTestFinished(() => driver.destroy());
    const codec = sealed(secret);
    const hear = listen(codec);
    const heard: unknown[] = [];
    await driver.subscribe(TOPIC, (bytes) => hear(bytes).then((value) => heard.push(value)));
    for (let count = 0; count < 50; count++) {
      void driver.publish(TOPIC, Promise.resolve(codec.encode(count, TOPIC)));
    }
    await expect.poll(() => heard).toEqual(Array.from({ length: 50 }, (_, index) => index));
  });
});
