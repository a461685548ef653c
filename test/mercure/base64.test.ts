// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeBase64, encodeBase64 } from '../../src/mercure/index.js';
import { Random } from '../servers/random.js';

const hasNative = 'fromBase64' in Uint8Array;

describe.runIf(hasNative)("base64 by the engine's own functions", () => {
  describeBase64();
});

describe('base64 by `atob`', () => {
  const methods = [
    [Uint8Array, 'fromBase64'],
    [Uint8Array.prototype, 'toBase64'],
  ] as const;
  const own = methods.map(([owner, name]) => Object.getOwnPropertyDescriptor(owner, name));
  beforeEach(() => {
    for (const [owner, name] of methods) Reflect.deleteProperty(owner, name);
  });
  afterEach(() => {
    for (const [index, [owner, name]] of methods.entries()) {
      if (own[index]) Object.defineProperty(owner, name, own[index]);
    }
  });
  describeBase64();
});

function describeBase64(): void {
  it.each([0, 1, 2, 3, 255, 32_768, 32_769, 100_000])('brings back %i bytes', (length) => {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 7) % 256);
    const text = encodeBase64(bytes);
    expect(text).toBe(Buffer.from(bytes).toString('base64'));
    expect(Buffer.from(decodeBase64(text)).equals(bytes)).toBe(true);
  });

  it.each(['{"json":true}', 'a', '====', 'YQ=', 'YQ==YQ==', 'YQ-_', 'YQÿÿ', 'ä', 'ŁŁŁŁ'])(
    'refuses %j',
    (text) => expect(() => decodeBase64(text)).toThrow(),
  );

  it('takes and refuses what `atob` does', () => {
    const random = new Random(0x64);
    const parts = ['A', 'z', '0', '+', '/', 'YWFh', '=', '==', ' ', '\n', '\t', '-', 'é'];
    for (let count = 0; count < 20_000; count++) {
      const text = Array.from({ length: random.between(0, 9) }, () => random.oneOf(parts)).join('');
      expect([text, attempt(() => Buffer.from(decodeBase64(text)).toString('latin1'))]).toEqual([
        text,
        attempt(() => atob(text)),
      ]);
    }
  });
}

function attempt(decode: () => string): string | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}
