// @vitest-environment node
import { expect, it } from 'vitest';
import { decodeBase64, encodeBase64 } from '../../src/mercure/index.js';

it.each([0, 1, 2, 3, 255, 32_768, 32_769, 100_000])('base64 brings back %i bytes', (length) => {
  const bytes = Uint8Array.from({ length }, (_, index) => (index * 7) % 256);
  const text = encodeBase64(bytes);
  expect(text).toBe(Buffer.from(bytes).toString('base64'));
  expect(Buffer.from(decodeBase64(text)).equals(bytes)).toBe(true);
});

it.each(['{"json":true}', 'a', '====', 'ä'])('%j is no base64', (text) => {
  expect(() => decodeBase64(text)).toThrow();
});
