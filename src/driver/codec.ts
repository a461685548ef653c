import type { ByteArray } from '../mercure/index.js';
import { SignalingError } from './SignalingError.js';

/** Where the bytes come from that a {@link Codec} decodes. */
export interface SignalSource {
  /**
   * The topic of the signal. `undefined` where a subscription has several topics or a selector, and
   * the hub does not name the topic of its updates.
   */
  readonly topic: string | undefined;
  /** The same object for all signals of one subscription: a codec can keep what it knows by it. */
  readonly subscription: object;
}

/**
 * Turns values into bytes and back. Both directions may be asynchronous, as WebCrypto is; signals
 * keep their order. A {@link SignalingError} that `decode` throws is reported as it is, everything
 * else as an error with code `decode`, and the signal is dropped.
 */
export interface Codec<Value> {
  /**
   * The bytes of a value that is published to `topic`. What it throws rejects the publish: a
   * {@link SignalingError} as it is, everything else with code `usage`.
   */
  encode(value: Value, topic: string): Uint8Array | Promise<Uint8Array>;
  /** The value of these bytes. */
  decode(bytes: ByteArray, source: SignalSource): Value | Promise<Value>;
}

/** A codec whose both directions are synchronous, such as {@link json}. */
export interface SyncCodec<Value> extends Codec<Value> {
  encode(value: Value): Uint8Array;
  decode(bytes: ByteArray): Value;
}

// Made when first used: importing this package touches no global.
let encoder: TextEncoder | undefined;
let decoder: TextDecoder | undefined;

/** @internal */
export function encodeText(value: string): ByteArray {
  return (encoder ??= new TextEncoder()).encode(value);
}

/** UTF-8 text. `decode` throws a `TypeError` where the bytes are no UTF-8. */
export const text: SyncCodec<string> = {
  encode: encodeText,
  decode: (bytes) => (decoder ??= new TextDecoder('utf-8', { fatal: true })).decode(bytes),
};

/** Bytes as they are. */
export const bytes: SyncCodec<Uint8Array> = {
  encode: (value) => value,
  decode: (value) => value,
};

/**
 * JSON ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259)) in UTF-8, the default. The subscriber
 * says which type a value has; a `schema` verifies it.
 */
export const json: SyncCodec<any> = {
  encode(value) {
    const encoded = JSON.stringify(value);
    if (encoded === undefined) {
      throw new SignalingError('usage', 'This value has no JSON form. Publish null, or an object.');
    }
    return encodeText(encoded);
  },
  decode: (value) => JSON.parse(text.decode(value)),
};
