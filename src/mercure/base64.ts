import type { ByteArray } from './bytes.js';

// https://github.com/tc39/proposal-arraybuffer-base64, newer than this package's baseline.
interface NativeDecoder {
  fromBase64?(text: string): ByteArray;
}
interface NativeEncoder {
  toBase64?(): string;
}

/** `btoa` takes a string, and a call takes a bounded number of arguments. */
const CHUNK = 0x8000;

/** Encodes bytes as base64 ([RFC 4648 §4](https://www.rfc-editor.org/rfc/rfc4648#section-4)). */
export function encodeBase64(bytes: Uint8Array): string {
  const native = bytes as NativeEncoder;
  if (native.toBase64) return native.toBase64();
  let binary = '';
  for (let start = 0; start < bytes.length; start += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  }
  return btoa(binary);
}

/**
 * Decodes base64 ([RFC 4648 §4](https://www.rfc-editor.org/rfc/rfc4648#section-4)), as forgiving as
 * `atob`: ASCII whitespace is skipped, and padding may be missing.
 *
 * @throws where the text is not base64.
 */
export function decodeBase64(text: string): ByteArray {
  const native = Uint8Array as NativeDecoder;
  if (native.fromBase64) return native.fromBase64(text);

  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  // Many times as fast as `Uint8Array.from` with a function.
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}
