import type { Bytes } from './Driver.js';
import { SignalingError } from './SignalingError.js';

/** The topic, or the last part of a Peerix namespace, which is unique by itself. */
export function toTopic(topic: string | readonly string[]): string {
  const name: unknown = Array.isArray(topic) ? topic.at(-1) : topic;
  if (name && typeof name === 'string') return name;
  throw new SignalingError('usage', 'A topic must be a string that is not empty.');
}

/** A copy: the caller may go on with its own. */
export function toBytes(data: Bytes): Uint8Array<ArrayBuffer> {
  // Not `instanceof`: the bytes of another realm, such as a test page's in jsdom, are as good.
  if (ArrayBuffer.isView(data) || Array.isArray(data)) return new Uint8Array(data);
  throw new SignalingError('usage', 'Data must be bytes: encode it, for example with `json`.');
}

/** What is said to whoever still uses a driver that is no more. */
export function destroyed(): SignalingError {
  return new SignalingError('destroyed', 'The driver is destroyed: make a new one.');
}

/** What is said to whoever left before the hub had answered. */
export function cancelled(): SignalingError {
  return new SignalingError('cancelled', 'Unsubscribed before the hub had answered.');
}
