import type { StreamEvent, Update } from '../../mercure/index.js';
import type { Link } from '../connection/Connection.js';
import { SignalingError } from '../SignalingError.js';
import type { TopicSet } from '../topics.js';

/** What any tab sends. */
export type TabMessage =
  /** It is there, and wants these. */
  | { type: 'join'; tab: string; sets: readonly TopicSet[] }
  /** It wants others now. */
  | { type: 'change'; tab: string; added: readonly TopicSet[]; removed: readonly string[] }
  /** The leader should post this; `at`: when it was asked, in ms since the epoch. */
  | { type: 'post'; tab: string; request: number; update: Update; at: number }
  /** The leader should look after its streams. */
  | { type: 'wake'; force: boolean }
  /** Is there a leader? */
  | { type: 'ping' };

/** What the leader sends: what its connection reports, and what concerns the group. */
export type LeaderMessage =
  /** Sent when it begins, and for each tab that joins. */
  | {
      type: 'lead';
      /** What each tab wants. */
      members: ReadonlyMap<string, ReadonlyMap<string, TopicSet>>;
      /** The subscriptions that it resumes, or has. */
      resumed: ReadonlySet<string>;
      /** How they are connected by now. */
      links: readonly LinkMessage[];
    }
  | { type: 'alive' }
  | LinkMessage
  | { type: 'moved'; stream: number; cursor: string }
  | { type: 'received'; keys: readonly string[]; event: StreamEvent; stream: number }
  | { type: 'refused'; key: string; error: SignalingError }
  | { type: 'gap'; keys: readonly string[]; lastEventId: string | undefined }
  | { type: 'report'; error: SignalingError }
  /** The answer to a `post`. */
  | { type: 'posted'; tab: string; request: number; id: string; error?: SignalingError | undefined }
  /** A tab is gone. */
  | { type: 'left'; tab: string };

export interface LinkMessage {
  type: 'linked';
  keys: readonly string[];
  link: Link;
  stream: number;
  /** Where the stream goes on, for a tab that has not followed it. */
  cursor?: string | undefined;
}

/** A message of a leader, which numbers them, so that a tab sees when it has missed one. */
export type NumberedMessage = LeaderMessage & { term: number; number: number };

/** What a channel can carry: it would make a plain `Error` of a {@link SignalingError}. */
export function pack(message: TabMessage | NumberedMessage): unknown {
  return mapErrors(message, (error) => {
    if (!(error instanceof SignalingError)) return error;
    const { code, message: text, status, topic, retryAfter } = error;
    return { code, text, status, topic, retryAfter };
  });
}

/** Takes back what {@link pack} made. */
export function unpack(packed: unknown): TabMessage | NumberedMessage {
  return mapErrors(packed as object, (error) => {
    const { code, text, ...init } = error as SignalingError & { text: string };
    return new SignalingError(code, text, init);
  }) as TabMessage | NumberedMessage;
}

function mapErrors(message: object, map: (error: unknown) => unknown): object {
  const mapped: Record<string, unknown> = { ...message };
  if (mapped.error) mapped.error = map(mapped.error);
  if (mapped.link) mapped.link = mapErrors(mapped.link, map);
  if (mapped.links) mapped.links = (mapped.links as object[]).map((each) => mapErrors(each, map));
  return mapped;
}
