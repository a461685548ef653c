import { json, SignalingError } from '../driver/index.js';

/** Said to everybody in the room. */
export type RoomMessage =
  | { readonly type: 'hello'; readonly id: string; readonly name: string }
  | { readonly type: 'bye'; readonly id: string };

/** An offer or an answer. */
export interface Description {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
  /** Which of its sender's offers this is, or which of its receiver's it answers. */
  readonly round: number;
}

/** What two connections tell each other to become one. Without either part it tells the name only. */
export interface Negotiation {
  /** The connection it comes from: a peer that starts anew has a new one. */
  readonly connection: string;
  /** The connection it is for; `undefined` as long as the sender knows of none. */
  readonly to?: string | undefined;
  readonly description?: Description | undefined;
  readonly candidates?: readonly RTCIceCandidateInit[] | undefined;
}

/** Said to one peer, in its inbox. */
export interface InboxMessage extends Negotiation {
  readonly from: string;
  readonly name: string;
}

/**
 * Reads what was published to a room.
 *
 * @throws {@link SignalingError} `decode` where it is no message of a call.
 */
export function parseRoomMessage(bytes: Uint8Array<ArrayBuffer>, topic: string): RoomMessage {
  const { type, id, name } = parseObject(bytes, topic);
  if (type === 'hello' && isId(id) && typeof name === 'string') return { type, id, name };
  if (type === 'bye' && isId(id)) return { type, id };
  throw noMessage(topic);
}

/**
 * Reads what was published to the inbox of a peer.
 *
 * @throws {@link SignalingError} `decode` where it is no message of a call.
 */
export function parseInboxMessage(bytes: Uint8Array<ArrayBuffer>, topic: string): InboxMessage {
  const message = parseObject(bytes, topic);
  const { from, name, connection, to, description, candidates } = message;
  if (
    isId(from) &&
    typeof name === 'string' &&
    isId(connection) &&
    (to === undefined || isId(to)) &&
    (description === undefined || isDescription(description)) &&
    (candidates === undefined || (Array.isArray(candidates) && candidates.every(isCandidate)))
  ) {
    return { from, name, connection, to, description, candidates };
  }
  throw noMessage(topic);
}

type Fields = Record<string, unknown>;

function parseObject(bytes: Uint8Array<ArrayBuffer>, topic: string): Fields {
  let value: unknown;
  try {
    value = json.decode(bytes);
  } catch (cause) {
    throw noMessage(topic, cause);
  }
  if (isObject(value)) return value;
  throw noMessage(topic);
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

/** Ids become part of a topic, so they hold nothing that would lead to another one. */
function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{1,64}$/.test(value);
}

function isDescription(value: unknown): value is Description {
  return (
    isObject(value) &&
    (value.type === 'offer' || value.type === 'answer') &&
    typeof value.sdp === 'string' &&
    Number.isSafeInteger(value.round)
  );
}

function isCandidate(value: unknown): value is RTCIceCandidateInit {
  return (
    isObject(value) &&
    typeof value.candidate === 'string' &&
    (value.sdpMid == null || typeof value.sdpMid === 'string') &&
    (value.sdpMLineIndex == null || Number.isSafeInteger(value.sdpMLineIndex)) &&
    (value.usernameFragment == null || typeof value.usernameFragment === 'string')
  );
}

function noMessage(topic: string, cause?: unknown): SignalingError {
  return new SignalingError(
    'decode',
    `Somebody publishes to "${topic}" what is no message of a call. Give the call a topic that nothing else uses.`,
    { cause, topic },
  );
}
