// Made when first used: Jest's jsdom has none, and importing the hub works there all the same.
let encoder: TextEncoder | undefined;

/**
 * A piece of a stream, encoded once for all subscribers. It lies in memory between the bytes that
 * make it a chunk of HTTP/1.1 ([RFC 9112 §7.1](https://www.rfc-editor.org/rfc/rfc9112#section-7.1)),
 * so that a socket takes it as it is.
 */
export class Frame {
  /** The chunk: a length, the text, a line break. */
  readonly chunk: Uint8Array;
  /** The text alone. */
  readonly bytes: Uint8Array;

  constructor(...parts: (string | Uint8Array)[]) {
    encoder ??= new TextEncoder();
    const encode = (text: string): Uint8Array => encoder!.encode(text);
    const encoded = parts.map((part) => (typeof part === 'string' ? encode(part) : part));
    const size = encoded.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const length = encode(`${size.toString(16)}\r\n`);
    this.chunk = allocate(length.byteLength + size + 2);
    let at = 0;
    for (const part of [length, ...encoded]) {
      this.chunk.set(part, at);
      at += part.byteLength;
    }
    this.chunk.set([13, 10], at);
    this.bytes = this.chunk.subarray(length.byteLength, at);
  }

  equals({ bytes }: Frame): boolean {
    return (
      this.bytes.byteLength === bytes.byteLength &&
      this.bytes.every((byte, index) => byte === bytes[index])
    );
  }
}

/** Node writes its own kind of array as it is, and has to wrap others each time. */
function allocate(length: number): Uint8Array {
  return typeof Buffer === 'undefined' ? new Uint8Array(length) : Buffer.allocUnsafeSlow(length);
}
