import type { Bytes } from './Driver.js';
import { SignalingError } from './SignalingError.js';

/** The topic, or the last part of a Peerix namespace, which is unique by itself. */
export function toTopic(topic: string | readonly string[]): string {
  const name = Array.isArray(topic) ? (topic.at(-1) as unknown) : topic;
  if (typeof name === 'string' && name !== '') return name;
  throw new SignalingError('usage', 'A topic is a string that is not empty, such as "https://example.com/rooms/1".');
}

export function toBytes(data: Bytes): Uint8Array {
  if (data instanceof Uint8Array) return data;
  if (Array.isArray(data)) return Uint8Array.from(data as number[]);
  throw new SignalingError('usage', 'Data is a Uint8Array or an array of bytes. Encode a value first, for example with the `json` codec.');
}

/** What is said to whoever still uses a driver that is no more. */
export function destroyed(): SignalingError {
  return new SignalingError('destroyed', 'This driver was destroyed. Make a new one.');
}
