import type { LogEntry, Storage, StorageReader } from './Storage.js';

/** Runs a task once what is under way has been read, where the platform knows when that is. */
const soon: (task: () => void) => unknown =
  typeof setImmediate === 'undefined' ? queueMicrotask : setImmediate;

/** No log but the hub's own history: a restart forgets everything. */
export function memoryStorage(): Storage {
  let reader: StorageReader | undefined;
  let entries: LogEntry[] = [];
  let reporting: Promise<void> | undefined;

  const report = () => {
    reporting = undefined;
    reader?.entries(entries.splice(0));
  };
  return {
    /** Entries that come together are reported together. */
    append(entry) {
      entries.push(entry);
      return (reporting ??= new Promise((resolve) =>
        soon(() => {
          report();
          resolve();
        }),
      ));
    },
    async read(hub) {
      reader = hub;
    },
    async caughtUp() {
      await reporting;
    },
    async close() {
      await reporting;
      reader = undefined;
    },
  };
}
