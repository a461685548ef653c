/** An offer or an answer. */
export interface Description {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
  /** Which offer of this connection it is, or which one it answers. */
  readonly round: number;
}

/** What two ends say to each other to become one connection, or to stay it. */
export interface Negotiation {
  /** Which connection of this pair: the side that offers counts them. */
  readonly connection: number;
  readonly description?: Description | undefined;
  readonly candidates?: readonly RTCIceCandidateInit[] | undefined;
  /** Asks the side that offers for another path, or for another connection in place of this one. */
  readonly restart?: 'path' | 'connection' | undefined;
}

/** Published to the room: who is there, and whom of those without a connection it has heard. */
export interface Hello {
  readonly type: 'hello';
  readonly heard: readonly string[];
}

/** Published to the inbox of one peer. */
export interface PeerMessage extends Negotiation {
  readonly type: 'negotiation';
  readonly name: string;
}

/** Published to the inbox of a newcomer: there is no place for one more. */
export interface Full {
  readonly type: 'full';
}

/** What is published to the hub. */
export type HubMessage = Hello | PeerMessage | Full;

/** What a peer shows of itself. */
export interface PeerStatus {
  readonly name: string;
  readonly data: unknown;
  readonly camera: boolean;
  readonly microphone: boolean;
  readonly screen: boolean;
}

/** What goes over the data channel of a pair. */
export type ChannelMessage =
  | ({ readonly type: 'status' } & PeerStatus)
  | ({ readonly type: 'negotiation' } & Negotiation)
  | {
      readonly type: 'message';
      /** Counts the messages to this peer, so that one that is sent again is not shown again. */
      readonly number: number;
      readonly channel: string;
      readonly body: unknown;
    }
  /** I am here, and have `received` so many messages. */
  | { readonly type: 'beat'; readonly received: number }
  | { readonly type: 'bye' };

/** How much of a name is shown. */
const MAX_NAME = 100;
/** How many ids a hello may list. */
export const MAX_HEARD = 24;

/** Reads what was published to the hub; `undefined` where it is no message of a call. */
export function parseHubMessage(text: string): HubMessage | undefined {
  const message = parseObject(text);
  if (!message) return undefined;
  const { type, heard, name } = message;
  if (type === 'hello') {
    const ids = Array.isArray(heard) && heard.length <= MAX_HEARD && heard.every(isId);
    return ids ? { type, heard } : undefined;
  }
  if (type === 'full') return { type };
  if (type !== 'negotiation' || typeof name !== 'string') return undefined;
  const negotiation = toNegotiation(message);
  return negotiation && { type, name: name.slice(0, MAX_NAME), ...negotiation };
}

/** Reads what came over a data channel; `undefined` where it is no message of a call. */
export function parseChannelMessage(data: unknown): ChannelMessage | undefined {
  const message = typeof data === 'string' ? parseObject(data) : undefined;
  switch (message?.type) {
    case 'status': {
      const { name, data, camera, microphone, screen } = message;
      if (typeof name !== 'string') return undefined;
      return {
        type: 'status',
        name: name.slice(0, MAX_NAME),
        data,
        camera: camera === true,
        microphone: microphone === true,
        screen: screen === true,
      };
    }
    case 'negotiation': {
      const negotiation = toNegotiation(message);
      return negotiation && { type: 'negotiation', ...negotiation };
    }
    case 'message': {
      const { number, channel, body } = message;
      if (!isCount(number) || typeof channel !== 'string') return undefined;
      return { type: 'message', number, channel, body };
    }
    case 'beat':
      return isCount(message.received) ? { type: 'beat', received: message.received } : undefined;
    case 'bye':
      return { type: 'bye' };
    default:
      return undefined;
  }
}

/** Ids become part of a topic, so they hold nothing that would lead to another one. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{22}$/.test(value);
}

type Fields = Record<string, unknown>;

/** @internal An object in JSON; `undefined` where it is none. */
export function parseObject(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function toNegotiation(message: Fields): Negotiation | undefined {
  const { connection, description, candidates, restart } = message;
  const valid =
    isCount(connection) &&
    (description === undefined || isDescription(description)) &&
    (candidates === undefined || (Array.isArray(candidates) && candidates.every(isCandidate)));
  if (!valid) return undefined;
  const asksFor = restart === 'path' || restart === 'connection' ? restart : undefined;
  return { connection, description, candidates, restart: asksFor };
}

function isDescription(value: unknown): value is Description {
  return (
    isObject(value) &&
    (value.type === 'offer' || value.type === 'answer') &&
    typeof value.sdp === 'string' &&
    isCount(value.round)
  );
}

function isCandidate(value: unknown): value is RTCIceCandidateInit {
  return (
    isObject(value) &&
    typeof value.candidate === 'string' &&
    (value.sdpMid == null || typeof value.sdpMid === 'string') &&
    (value.sdpMLineIndex == null || isCount(value.sdpMLineIndex)) &&
    (value.usernameFragment == null || typeof value.usernameFragment === 'string')
  );
}
