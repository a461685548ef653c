interface NativeBase64 {
  fromBase64?(text: string): Uint8Array<ArrayBuffer>;
}

const fromBase64 = (Uint8Array as NativeBase64).fromBase64;

// btoa takes a string, and a call takes a bounded number of arguments.
const CHUNK = 0x8000;

/** Encodes bytes as base64 ([RFC 4648 §4](https://www.rfc-editor.org/rfc/rfc4648#section-4)). */
export function encodeBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let start = 0; start < bytes.length; start += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  }
  return btoa(binary);
}

/**
 * Decodes base64 ([RFC 4648 §4](https://www.rfc-editor.org/rfc/rfc4648#section-4)).
 *
 * @throws a `SyntaxError` or `DOMException` where the text is not base64.
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  if (fromBase64) return fromBase64.call(Uint8Array, text);
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
