import type { TopicSet } from '../topics.js';
import type { Load } from './Load.js';

/** What has been learned of a hub, and what follows from its address. */
export interface HubFacts {
  /** Whether updates name their topics, so that subscriptions can share a stream. `undefined`: not known yet. */
  namesTopics: boolean | undefined;
  /** Whether a mark ends each replay. */
  marksReplay: boolean;
  /** How many selectors a stream takes. */
  maxSelectors: number;
  /** How many streams may be open at once. */
  maxStreams: number;
}

/** A stream, as far as its place matters. */
export interface StreamView {
  /** What the hub was asked for. */
  readonly carried: Load;
  readonly isOpen: boolean;
  /** It is to be replaced, whatever it carries. */
  readonly isSuspect: boolean;
}

/** Subscriptions that go together, and the stream that has them; `undefined`: one is to be opened. */
export interface Lane<S> {
  readonly sets: readonly TopicSet[];
  readonly stream: S | undefined;
}

/** Which streams to have. A stream in no lane is not needed any more. */
export interface Layout<S> {
  readonly lanes: readonly Lane<S>[];
  /** Subscriptions for which there is no stream, by `maxStreams`. */
  readonly waiting: readonly TopicSet[];
}

/**
 * Lays the wanted subscriptions on streams.
 *
 * - Which hub it is shows in its first answer; until then there is one stream.
 * - Where the hub names topics, exact subscriptions share a stream, as many as it takes. A stream
 *   that is open and lacks one of them is replaced; one that is still being opened takes it along.
 * - Every other subscription has a stream of its own: what comes on it is for it. So has one that
 *   began behind a cursor, where no mark tells when it could share the position of others.
 */
export function layout<S extends StreamView>(
  wanted: readonly TopicSet[],
  streams: readonly S[],
  { namesTopics, marksReplay, maxSelectors, maxStreams }: HubFacts,
): Layout<S> {
  if (namesTopics === undefined)
    return { ...fit(layAlone(wanted, streams), streams, 1), waiting: [] };
  const shares = ({ isExact, key, topics }: TopicSet): boolean =>
    namesTopics && isExact && (marksReplay || key === topics);
  const shared = wanted.filter(shares);
  const alone = wanted.filter((set) => !shares(set));
  const lanes = [...layShared(shared, streams, maxSelectors), ...layAlone(alone, streams)];
  return fit(lanes, streams, maxStreams);
}

/** What has a stream keeps one; of the others, those that came first get one. */
function fit<S extends StreamView>(
  lanes: readonly Lane<S>[],
  streams: readonly S[],
  maxStreams: number,
): Layout<S> {
  const carried = new Set(streams.flatMap((stream) => stream.carried.keys));
  const has = ({ sets }: Lane<S>): number => Number(sets.some(({ key }) => carried.has(key)));
  const sorted = [...lanes].sort((a, b) => has(b) - has(a));
  const waiting = sorted.slice(maxStreams).flatMap(({ sets }) => sets);
  return { lanes: sorted.slice(0, maxStreams), waiting };
}

function layAlone<S extends StreamView>(
  wanted: readonly TopicSet[],
  streams: readonly S[],
): Lane<S>[] {
  const single = streams.filter(({ carried, isSuspect }) => carried.size === 1 && !isSuspect);
  const byKey = new Map(single.map((stream) => [stream.carried.keys[0]!, stream]));
  return wanted.map((set) => ({ sets: [set], stream: byKey.get(set.key) }));
}

function layShared<S extends StreamView>(
  wanted: readonly TopicSet[],
  streams: readonly S[],
  maxSelectors: number,
): Lane<S>[] {
  const homeless = new Map(wanted.map((set) => [set.key, set]));
  const groups: Group<S>[] = [];
  for (const stream of streams) {
    if (stream.isSuspect) continue;
    const sets = stream.carried.keys.flatMap((key) => homeless.get(key) ?? []);
    for (const { key } of sets) homeless.delete(key);
    const room = maxSelectors - sets.flatMap(({ selectors }) => selectors).length;
    if (sets.length > 0) groups.push({ stream, sets, room });
  }
  const grown = fill(groups, homeless.values(), maxSelectors);
  // Where fewer streams would do, they are made anew.
  const fresh = fill<S>([], wanted, maxSelectors);
  return (grown.length > fresh.length ? fresh : grown).map(toLane);
}

/** Subscriptions that share a stream, and how many more selectors it takes. */
interface Group<S> {
  readonly stream: S | undefined;
  readonly sets: TopicSet[];
  room: number;
}

/** Puts each into the first group with room, else into a new one. */
function fill<S>(groups: Group<S>[], sets: Iterable<TopicSet>, maxSelectors: number): Group<S>[] {
  let first = 0;
  for (const set of sets) {
    const needed = set.selectors.length;
    while (groups[first] && groups[first]!.room < needed) first++;
    const group = (groups[first] ??= { stream: undefined, sets: [], room: maxSelectors });
    group.sets.push(set);
    group.room -= needed;
  }
  return groups;
}

/** A stream that is open takes nothing along: it is replaced by one that carries all. */
function toLane<S extends StreamView>({ stream, sets }: Group<S>): Lane<S> {
  const lacksOne = stream && sets.some(({ key }) => !stream.carried.has(key));
  return { sets, stream: stream?.isOpen && lacksOne ? undefined : stream };
}
