/** What a signal says, for people. */
export interface Description {
  /** Its text, or its bytes; cut where it is long. */
  readonly text: string;
  /** Whether it is encrypted, so that only those with the secret can read it. */
  readonly isSealed: boolean;
}

/** More of a signal is not shown, in bytes. */
const SHOWN = 400;
/** A sealed value begins with its version, and has at least an id, a nonce and a tag. */
const SEALED = { version: 1, length: 61 };

let decoder: TextDecoder | undefined;

/** Reads a signal of which nothing is known. */
export function describeBytes(bytes: Uint8Array): Description {
  const head = bytes.subarray(0, SHOWN);
  const rest = bytes.length > SHOWN ? '…' : '';
  decoder ??= new TextDecoder();
  const text = decoder.decode(head);
  // A control character but white space, or a byte that is no UTF-8: not text. The last one may
  // have been cut.
  if (/(?![\t-\r])\p{Cc}|\ufffd(?!$)/u.test(text)) {
    const isSealed = bytes[0] === SEALED.version && bytes.length >= SEALED.length;
    const hex = Array.from(head.subarray(0, 64), (byte) => byte.toString(16).padStart(2, '0'));
    return { text: hex.join(' ') + (bytes.length > 64 ? ' …' : ''), isSealed };
  }
  // Of a call with a secret.
  return { text: text + rest, isSealed: /^\{(?:"to":"[^"]*",)?"sealed":"/.test(text) };
}
