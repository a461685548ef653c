import type { Connection, Gap } from '../Driver.js';
import { SignalingError } from '../SignalingError.js';

/** What any tab says. */
export type TabMessage =
  /** It is there, and listens to these. */
  | { type: 'join'; tab: string; topics: readonly string[] }
  /** It listens to other topics now. */
  | { type: 'change'; tab: string; added: readonly string[]; removed: readonly string[] }
  /** The leader shall post this; `at` is when it was asked, in ms since the epoch. */
  | { type: 'post'; tab: string; request: number; body: string; at: number }
  /** The leader shall look after its streams. */
  | { type: 'wake'; now: boolean }
  /** Is there a leader? */
  | { type: 'ping' };

/** What the leader says. */
export type LeaderMessage =
  /** What it knows: said when it begins, and to each tab that joins. */
  | {
      type: 'lead';
      members: ReadonlyMap<string, ReadonlySet<string>>;
      cursor: string | undefined;
      cursors: Cursors;
    }
  /** It is there. */
  | { type: 'alive'; cursor: string | undefined }
  /** The hub has accepted these topics. */
  | { type: 'accepted'; cursor: string | undefined; cursors: Cursors }
  | { type: 'refused'; topic: string; error: SignalingError }
  | {
      type: 'signal';
      topic: string;
      id: string | undefined;
      kind: string;
      data: Uint8Array<ArrayBuffer>;
      cursor: string | undefined;
    }
  | ({ type: 'connection' } & Connection)
  | ({ type: 'gap' } & Gap)
  | { type: 'error'; error: SignalingError }
  /** The hub has taken what a tab posted, under this id; or it has not. */
  | { type: 'posted'; tab: string; request: number; id: string; error: SignalingError | undefined }
  /** A tab is gone. */
  | { type: 'left'; tab: string };

/** A message of the leader of a term, which numbers them, so that whoever missed one sees it. */
export type Told = LeaderMessage & { term: number; number: number };

/** The accepted topics, each with the id a stream of its own goes on from. */
export type Cursors = ReadonlyMap<string, string | undefined>;

/** What travels: a channel would make a plain `Error` of a {@link SignalingError}. */
export function pack(message: TabMessage | Told): unknown {
  if (!('error' in message) || !message.error) return message;
  const { code, message: text, status, topic, retryAfter } = message.error;
  return { ...message, error: { code, text, status, topic, retryAfter } };
}

/** Takes back what {@link pack} made. */
export function unpack(packed: unknown): TabMessage | Told {
  const message = packed as TabMessage | Told;
  if (!('error' in message) || !message.error) return message;
  const { code, text, ...init } = message.error as SignalingError & { text: string };
  return { ...message, error: new SignalingError(code, text, init) };
}
