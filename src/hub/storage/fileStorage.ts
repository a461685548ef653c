import type { FileHandle } from 'node:fs/promises';
import { createUrn } from '../uuid.js';
import { lockFile } from './lockFile.js';
import type { LogEntry, Revocation, Storage, StorageReader, UpdateEntry } from './Storage.js';

/** Options of {@link fileStorage}. */
export interface FileStorageOptions {
  /** How many updates it keeps at least; up to twice as many are on disk. Default: 10,000. */
  size?: number | undefined;
}

/** An entry that waits to be written. */
interface Pending {
  entry: LogEntry;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** A segment of this many bytes is complete, however few entries it has. */
const MAX_SEGMENT_BYTES = 64 * 1024 * 1024;

/**
 * Keeps updates in a file, so that a restart loses nothing that was acknowledged: each is on disk
 * before its publisher is answered. For one hub in Node: the hub of another process that is given the
 * same file fails to start. Revoked tokens are kept until they expire by themselves.
 *
 * @param path The file. A second one, with `.1` behind its name, holds what is older; a socket, with
 *   `.lock` behind it, says that the file is in use.
 */
export function fileStorage(path: string, { size = 10_000 }: FileStorageOptions = {}): Storage {
  return new FileStorage(path, size);
}

class FileStorage implements Storage {
  readonly #path: string;
  readonly #size: number;
  #reader: StorageReader | undefined;
  #file: FileHandle | undefined;
  #unlock: (() => Promise<void>) | undefined;
  /** How many entries the current segment has, and its bytes. */
  #entries = 0;
  #bytes = 0;
  /** The revocations of tokens that have not expired by themselves. */
  readonly #revocations = new Map<string, Revocation>();
  /** Whether the file may end with a part of an entry. */
  #isTorn = false;
  #pending: Pending[] = [];
  #writing: Promise<void> | undefined;

  constructor(path: string, size: number) {
    this.#path = path;
    this.#size = size;
  }

  async read(reader: StorageReader, history: number): Promise<void> {
    // Says so where the file cannot be had at all.
    await (await openForAppend(this.#path)).close();
    this.#unlock = await lockFile(this.#path);
    const older = await readSegment(`${this.#path}.1`);
    const current = await readSegment(this.#path);
    this.#reader = reader;
    this.#entries = current.entries.length;
    this.#bytes = current.bytes;
    this.#file = await openForAppend(this.#path);
    await this.#file.truncate(this.#bytes);
    const isNew = older.bytes + current.bytes === 0;
    const origin = isNew
      ? createUrn()
      : (older.origin ?? (older.bytes ? undefined : current.origin));
    if (isNew) await this.#write(`${JSON.stringify({ origin })}\n`);
    const all = [...older.entries, ...current.entries];
    this.#noteRevocations(all);
    const updates = all.filter((entry): entry is UpdateEntry => !('revoked' in entry));
    reader.restart(updates.length <= history ? origin : undefined);
    reader.entries([
      ...this.#revocations.values(),
      ...updates.slice(Math.max(0, updates.length - history)),
    ]);
  }

  append(entry: LogEntry): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ entry, resolve, reject });
      this.#writing ??= this.#writePending();
    });
  }

  async caughtUp(): Promise<void> {
    await this.#writing;
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#file?.close();
    await this.#unlock?.();
    this.#file = this.#reader = this.#unlock = undefined;
  }

  /** Writes what waits, together, and goes on until nothing does. */
  async #writePending(): Promise<void> {
    while (this.#pending.length > 0) {
      const batch = this.#pending;
      this.#pending = [];
      try {
        await this.#write(toLines(batch.map(({ entry }) => entry)));
      } catch (error) {
        for (const { reject } of batch) reject(error);
        continue;
      }
      const entries = batch.map(({ entry }) => entry);
      this.#entries += batch.length;
      this.#noteRevocations(entries);
      this.#reader?.entries(entries);
      for (const { resolve } of batch) resolve();
      if (this.#entries >= this.#size || this.#bytes >= MAX_SEGMENT_BYTES) await this.#rotate();
    }
    this.#writing = undefined;
  }

  async #write(text: string): Promise<void> {
    const file = this.#file;
    if (!file) throw new Error('The file is not open.');
    if (this.#isTorn) await file.truncate(this.#bytes);
    this.#isTorn = true;
    const bytes = Buffer.from(text);
    await file.appendFile(bytes);
    await file.datasync();
    this.#isTorn = false;
    this.#bytes += bytes.byteLength;
  }

  #noteRevocations(entries: readonly LogEntry[]): void {
    for (const entry of entries)
      if ('revoked' in entry) this.#revocations.set(entry.revoked, entry);
    const now = Date.now();
    for (const [hash, { until }] of this.#revocations) {
      if (until !== null && until < now) this.#revocations.delete(hash);
    }
  }

  /** Begins a new segment. Where that fails, the current one grows until it works. */
  async #rotate(): Promise<void> {
    const { rename } = process.getBuiltinModule('node:fs/promises');
    const full = this.#file!;
    try {
      // The segment that is dropped may be the only one that has them.
      const revocations = [...this.#revocations.values()];
      if (revocations.length > 0) await this.#write(toLines(revocations));
      await rename(this.#path, `${this.#path}.1`).catch(unlessMissing);
      this.#file = await openForAppend(this.#path);
      this.#entries = this.#bytes = 0;
      await full.close();
    } catch {
      // The next batch tries again.
    }
  }
}

function toLines(entries: readonly LogEntry[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}

/** Opens a segment, and sees to it that its name outlives a crash. */
async function openForAppend(path: string): Promise<FileHandle> {
  const { open } = process.getBuiltinModule('node:fs/promises');
  const { dirname } = process.getBuiltinModule('node:path');
  const file = await open(path, 'a');
  const folder = await open(dirname(path), 'r');
  await folder.sync();
  await folder.close();
  return file;
}

/** Reads a segment; a last line that a crash has left unfinished was never acknowledged. */
async function readSegment(path: string) {
  const { readFile } = process.getBuiltinModule('node:fs/promises');
  const content = (await readFile(path).catch(unlessMissing)) ?? Buffer.alloc(0);
  const bytes = content.lastIndexOf('\n') + 1;
  const entries: LogEntry[] = [];
  let origin: string | undefined;
  for (const line of content.toString('utf8', 0, bytes).split('\n')) {
    const record = parse(line);
    if (record && 'origin' in record) origin = record.origin;
    else if (record) entries.push(record);
  }
  return { entries, origin, bytes };
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

function parse(line: string): LogEntry | { origin: string } | undefined {
  try {
    return line === '' ? undefined : JSON.parse(line);
  } catch {
    // A disk that lost a block loses this entry, not all of them.
    return undefined;
  }
}
