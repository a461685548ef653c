import type { Update } from '../../mercure/index.js';

/** An update as the log keeps it. */
export interface UpdateEntry extends Update {
  /** Its id, from its publisher or made by the hub. */
  id: string;
  /** Stands for the id of a private update in the cursors of those who may not see it. */
  alias?: string;
}

/** A token that no hub on the log accepts any more. */
export interface Revocation {
  /** The token's hash. */
  revoked: string;
  /** When the token expires by itself, in ms since the epoch; `null` for never. */
  until: number | null;
}

/** What a log holds. */
export type LogEntry = UpdateEntry | Revocation;

/** What a storage reports to its hub. */
export interface StorageReader {
  /**
   * The history begins anew with the entries that come: at the start, and where the log went back or
   * entries were skipped. `origin` is the cursor before them where they are the first of the log.
   */
  restart(origin: string | undefined): void;
  /** Entries in the order of the log, each once: first what is remembered, then what comes. */
  entries(entries: readonly LogEntry[]): void;
  /** A hub has died. Called at one of the others, with what `roster` had of the dead one. */
  died(documents: readonly string[]): void;
}

/**
 * The log a hub writes updates to and reads them from. A hub delivers an update when it comes back
 * from the log, so all hubs on one log deliver in one order.
 */
export interface Storage {
  /** Resolves once the log has the entry. Rejects where that is not known. */
  append(entry: LogEntry): Promise<void>;
  /**
   * Begins to report to `reader`; resolves once the last `history` entries have been reported.
   * Called once. Rejects where the log cannot be read.
   */
  read(reader: StorageReader, history: number): Promise<void>;
  /** Resolves once everything has been reported that any hub appended before the call. */
  caughtUp(): Promise<void>;
  /** How far this hub is behind the log, in ms, as far as it knows. Default: 0. */
  readonly lag?: number;
  /** Documents that all hubs on the log can list. Default: this hub is the only one. */
  readonly roster?: Roster;
  /** Releases what it holds. Entries whose `append` is under way are still written. */
  close(): Promise<void>;
}

/** What each of several hubs shares of itself, for as long as it lives. */
export interface Roster {
  /** Adds or replaces a document of this hub. */
  set(key: string, document: string): Promise<void>;
  /** Removes one. */
  delete(key: string): Promise<void>;
  /** The documents of all hubs. */
  list(): Promise<string[]>;
}
