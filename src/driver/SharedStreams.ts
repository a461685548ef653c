import type { StreamEvent } from '../mercure/index.js';
import type { SignalingError } from './SignalingError.js';
import type { Stream } from './Stream.js';
import type { Subscriptions } from './Subscriptions.js';
import { parseUpdateId } from './updateId.js';

/** Topics that share a stream. */
interface Lane {
  topics: Set<string>;
  /** Carries them all, or is being opened to do so. */
  stream: Stream | undefined;
  /** Serve until `stream` is open. */
  predecessors: Stream[];
}

/** With these a hub may refuse not a topic but so many of them at once. */
const TOO_MANY = [400, 413, 414, 431];

/**
 * Lays many topics on as few streams as hold them, which is one unless the hub refuses so many.
 *
 * A change of topics opens a new stream, which goes on behind the last id of the old one, and closes
 * the old one once it is open. What changes meanwhile waits for the next change, so that there are
 * never more than two.
 */
export class SharedStreams {
  readonly #subscriptions: Subscriptions;
  #lanes: Lane[] = [];
  #capacity = Infinity;

  /** Takes over the streams there are. */
  constructor(subscriptions: Subscriptions) {
    this.#subscriptions = subscriptions;
    const streams = [...subscriptions.streams];
    if (streams.length === 0) return;
    const topics = new Set(streams.flatMap((stream) => [...stream.topics]));
    const lane: Lane = { topics, stream: streams.pop(), predecessors: streams };
    this.#lanes.push(lane);
    if (streams.length > 0) this.#replaceStream(lane);
  }

  arrange(wanted: Iterable<string>): void {
    const homeless = new Set(wanted);
    for (const { topics } of this.#lanes) {
      for (const name of topics) if (!homeless.delete(name)) topics.delete(name);
    }
    for (const name of homeless) this.#laneWithRoom().topics.add(name);
    for (const lane of [...this.#lanes]) this.#refresh(lane);
  }

  /** Whether each topic has a stream that is open, be it an old one. */
  serves(): boolean {
    return this.#lanes.every(({ stream, predecessors }) =>
      [stream, ...predecessors].some((each) => each?.status === 'open'),
    );
  }

  opened(stream: Stream): void {
    const lane = this.#lanes.find((lane) => lane.stream === stream);
    for (const predecessor of lane?.predecessors.splice(0) ?? []) {
      this.#subscriptions.drop(predecessor);
    }
  }

  /** Falls back on what served before; returns the topics that are refused. */
  failed(stream: Stream, { status }: SignalingError): Iterable<string> {
    const lane = this.#lanes.find((lane) => lane.stream === stream);
    if (!lane) {
      for (const { predecessors } of this.#lanes) remove(predecessors, stream);
      return [];
    }
    const predecessor = lane.predecessors.pop();
    const refused = [...lane.topics].filter((name) => !predecessor?.topics.has(name));
    lane.stream = predecessor;
    for (const name of refused) lane.topics.delete(name);
    if (stream.topics.size === 1 || !TOO_MANY.includes(status!)) return refused;
    this.#capacity = Math.ceil(stream.topics.size / 2);
    return [];
  }

  /** The topics of an update. Where nothing tells, each topic goes on alone from before it. */
  route(stream: Stream, { topics, id = '' }: StreamEvent): Iterable<string> {
    if (stream.topics.size === 1) return stream.topics;
    if (topics) return topics.filter((name) => stream.topics.has(name));
    const subscriptions = this.#subscriptions;
    const marked = subscriptions.options.multiplex === 'always' && topicOf(id);
    if (marked) return [marked];
    if (stream.cursor === undefined) subscriptions.lost(subscriptions.topicsOf(stream), undefined);
    subscriptions.separate();
    return [];
  }

  #laneWithRoom(): Lane {
    let lane = this.#lanes.find(({ topics }) => topics.size < this.#capacity);
    if (!lane) this.#lanes.push((lane = { topics: new Set(), stream: undefined, predecessors: [] }));
    return lane;
  }

  #refresh(lane: Lane): void {
    const { topics, stream, predecessors } = lane;
    if (topics.size === 0) {
      remove(this.#lanes, lane);
      for (const each of [stream, ...predecessors]) if (each) this.#subscriptions.drop(each);
    } else if (!stream) {
      lane.stream = this.#subscriptions.open(() => topics);
    } else if (stream.status === 'open') {
      for (const [, topic] of this.#subscriptions.topicsOf(stream)) topic.accept();
      if ([...topics].some((name) => !stream.topics.has(name))) this.#replaceStream(lane);
    }
    // One that is not open asks for what is wanted once it does.
  }

  /** Behind the id that was heard longest ago nothing is left out. */
  #replaceStream(lane: Lane): void {
    const { topics, predecessors } = lane;
    predecessors.push(lane.stream!);
    const { cursor } = predecessors.reduce((a, b) => (a.heardAt <= b.heardAt ? a : b));
    lane.stream = this.#subscriptions.open(() => topics, cursor);
  }
}

/** The topic its publisher wrote into an id. */
function topicOf(id: string): string | undefined {
  try {
    return decodeURIComponent(parseUpdateId(id).topic ?? '');
  } catch {
    return undefined;
  }
}

function remove<Item>(list: Item[], item: Item): void {
  const index = list.indexOf(item);
  if (index >= 0) list.splice(index, 1);
}
