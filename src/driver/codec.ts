import { SignalingError } from './SignalingError.js';

/**
 * Turns values into bytes and back. `decode` throws where the bytes are none of its values; that
 * is reported as an error with code `decode` and is no signal.
 */
export interface Codec<Value> {
  encode(value: Value): Uint8Array;
  decode(bytes: Uint8Array<ArrayBuffer>): Value;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** @internal */
export const encodeText = (value: string) => encoder.encode(value);

/** UTF-8 text. */
export const text: Codec<string> = {
  encode: encodeText,
  decode: (bytes) => decoder.decode(bytes),
};

/** Bytes as they are. */
export const bytes: Codec<Uint8Array> = {
  encode: (value) => value,
  decode: (value) => value,
};

/**
 * JSON ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259)) in UTF-8, the default. Of what type a
 * value is, whoever subscribes says; a `schema` makes sure.
 */
export const json: Codec<any> = {
  encode(value) {
    const encoded = JSON.stringify(value);
    if (encoded === undefined) {
      throw new SignalingError('usage', 'This value has no JSON form. Publish null, or an object.');
    }
    return encodeText(encoded);
  },
  decode: (value) => JSON.parse(text.decode(value)),
};
