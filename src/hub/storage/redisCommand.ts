import type { LogEntry } from './Storage.js';

/**
 * Sends a command to Redis or Valkey and returns the answer, whatever the client: `ioredis` and
 * `iovalkey` (`(...args) => client.call(...args)`), `@redis/client` (`(...args) =>
 * client.sendCommand(args)`).
 */
export type RedisCommand = (...args: [string, ...string[]]) => Promise<unknown>;

/** An entry with its position in the stream. */
export type Positioned = [position: string, entry: LogEntry];

/** The entries of the one stream of an `XREAD`; none where it waited in vain. */
export function entriesRead(answer: unknown): Positioned[] {
  if (!answer) return [];
  if (answer instanceof Map) return toEntries([...answer.values()][0]);
  if (!Array.isArray(answer)) return toEntries(Object.values(answer)[0]);
  return toEntries(Array.isArray(answer[0]) ? answer[0][1] : answer[1]);
}

/**
 * The entries of an `XRANGE`: `[[position, [field, value]]]`.
 *
 * @throws a `TypeError` where one is none of a hub's.
 */
export function toEntries(answer: unknown): Positioned[] {
  return (answer as [unknown, unknown][]).map(([position, fields]) => {
    try {
      const json = String(toPairs(fields).get('entry'));
      return [String(position), JSON.parse(json) as LogEntry];
    } catch {
      throw new TypeError(
        'The stream has an entry that no hub wrote. Give the hubs one of their own.',
      );
    }
  });
}

/** RESP3 has maps where RESP2 has arrays of names and values in turn. */
export function toPairs(answer: unknown): Map<string, unknown> {
  if (answer instanceof Map)
    return new Map([...answer].map(([name, value]) => [String(name), value]));
  if (!Array.isArray(answer)) return new Map(Object.entries(answer as object));
  return new Map(
    answer.flatMap((name, index) =>
      index % 2 === 0 ? [[String(name), answer[index + 1]] as [string, unknown]] : [],
    ),
  );
}

/** When Redis took an entry, in ms since the epoch. */
export function timeOf(position: string): number {
  return Number(position.split('-')[0]);
}

/** Below 0 where `a` stands before `b`. */
export function comparePositions(a: string, b: string): number {
  const [timeA, countA] = a.split('-').map(Number) as [number, number];
  const [timeB, countB] = b.split('-').map(Number) as [number, number];
  return timeA - timeB || countA - countB;
}
