import { encodeText } from '../driver/codec.js';
import { SignalingError } from '../driver/index.js';
import { randomPart } from '../driver/updateId.js';

/** Somebody who is there. The same object until their data changes. */
export interface Member<Data> {
  /** Made anew by every page and every join. */
  readonly id: string;
  /** What they tell about themselves. */
  readonly data: Data;
}

/** The data of a member may have this many bytes of JSON. */
export const MAX_DATA_BYTES = 4_096;
/** Nobody believes in more members than this. */
export const MAX_MEMBERS = 1_000;

const MAX_ID_LENGTH = 64;

/** 128 random bits: nobody meets, or guesses, the id of another one. */
export function createId(): string {
  return randomPart() + randomPart();
}

/** Whether it can be the id of a member. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_ID_LENGTH;
}

/** Whether it can be the data of a member. */
export function isData(data: unknown): boolean {
  return typeof data === 'object' && data !== null && sizeOf(data) <= MAX_DATA_BYTES;
}

/** @throws {@link SignalingError} `usage` where it cannot be the data of a member. */
export function assertData(data: unknown): void {
  if (isData(data)) return;
  const size = typeof data === 'object' && data !== null ? sizeOf(data) : 0;
  const message =
    size > MAX_DATA_BYTES
      ? `The data of a member has ${size} bytes as JSON; ${MAX_DATA_BYTES} are allowed. Share an id or a URL, and load the rest with it.`
      : 'The data of a member is an object that has a JSON form, or null for nobody.';
  throw new SignalingError('usage', message);
}

/** In bytes of JSON; `Infinity` where it has none. */
function sizeOf(data: object): number {
  try {
    return encodeText(JSON.stringify(data)).length;
  } catch {
    return Infinity;
  }
}
