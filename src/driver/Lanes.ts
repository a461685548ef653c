import type { StreamEvent } from '../mercure/index.js';
import { limitsConnections, tooManyStreams } from './connectionLimit.js';
import type { HubClient } from './HubClient.js';
import type { SseDriverOptions } from './options.js';
import type { SignalingError } from './SignalingError.js';
import type { Stream } from './Stream.js';
import type { Topic } from './Topic.js';
import { parseUpdateId } from './updateId.js';

/** Whose topics and streams these are. */
export interface LanesOwner {
  readonly client: HubClient;
  readonly options: SseDriverOptions;
  readonly topics: ReadonlyMap<string, Topic>;
  readonly streams: ReadonlySet<Stream>;
  /** Opens a stream on what is wanted, behind `cursor`. */
  open(wanted: () => Iterable<string>, cursor?: string): Stream;
  drop(stream: Stream): void;
  /** The topics of a stream that somebody still listens to. */
  topicsOf(stream: Stream): [name: string, topic: Topic][];
  /** Tells that the hub cannot give back what these topics missed. */
  lost(topics: [name: string, topic: Topic][], lastEventId: string | undefined): void;
  report(error: SignalingError): void;
  arrangeSoon(): void;
}

/** Topics that share a stream; one topic, where streams are not shared. */
interface Lane {
  topics: Set<string>;
  /** Carries them all, or is being opened to do so. */
  stream: Stream | undefined;
  /** Serve until `stream` is open. */
  predecessors: Stream[];
}

/** With these a hub may refuse not a topic but so many of them at once. */
const TOO_MANY = [400, 404, 405, 413, 414, 431, 501];
/** Of the six connections a browser opens to an origin over HTTP/1.1, one is left to publish. */
const HTTP1_STREAMS = 5;

/**
 * Lays several topics on as few streams as the hub allows.
 *
 * An update does not name its topic, so one stream for each topic is right on every hub. A hub that
 * names topics gets one stream for all, or as few as it takes them on. Which hub it is shows in its
 * first answer, or by the first update that names its topics; until then there is one stream, and
 * other topics wait.
 *
 * Where streams are shared, a change of topics opens a new one, which goes on behind the last id of
 * the old one, and closes the old one once it is open. What changes meanwhile waits for the next
 * change, so that there are never more than two.
 */
export class Lanes {
  readonly #owner: LanesOwner;
  #lanes: Lane[];
  /** How many topics a stream takes; `undefined` until the hub has shown what it does. */
  #capacity: number | undefined;
  #mayShare: boolean;
  #limitTold = false;

  /** Takes over the streams there are. */
  constructor(owner: LanesOwner) {
    this.#owner = owner;
    const { multiplex = 'auto' } = owner.options;
    this.#mayShare = multiplex !== 'never';
    if (multiplex !== 'auto') this.#capacity = this.#mayShare ? Infinity : 1;
    this.#lanes = [...owner.streams].map((stream) => ({
      topics: new Set(stream.topics),
      stream,
      predecessors: [],
    }));
    for (const stream of owner.streams) if (stream.status === 'open') this.opened(stream);
  }

  /** Gives every topic a lane, and every lane one stream that carries its topics. */
  arrange(wanted: Iterable<string>): void {
    const homeless = new Set(wanted);
    for (const { topics } of this.#lanes) {
      for (const name of topics) if (!homeless.delete(name)) topics.delete(name);
    }
    for (const name of homeless) this.#laneWithRoom()?.topics.add(name);
    for (const lane of [...this.#lanes]) this.#refresh(lane);
  }

  /** Whether each topic has a stream that is open, be it an old one. */
  serves(): boolean {
    return this.#lanes.every(({ stream, predecessors }) =>
      [stream, ...predecessors].some((each) => each?.status === 'open'),
    );
  }

  opened(stream: Stream): void {
    const lane = this.#lanes.find((each) => each.stream === stream);
    for (const predecessor of lane?.predecessors.splice(0) ?? []) {
      this.#owner.drop(predecessor);
    }
    if (stream.namesTopics) this.#share();
    this.#capacity ??= 1;
  }

  /** Falls back on what served before; returns the topics that are refused. */
  failed(stream: Stream, { status }: SignalingError): Iterable<string> {
    this.#capacity ??= 1;
    const lane = this.#lanes.find((each) => each.stream === stream);
    if (!lane) {
      for (const { predecessors } of this.#lanes) remove(predecessors, stream);
      return [];
    }
    lane.stream = lane.predecessors.pop();
    const refused = [...lane.topics].filter((name) => !lane.stream?.topics.has(name));
    for (const name of refused) lane.topics.delete(name);
    if (stream.topics.size === 1 || !TOO_MANY.includes(status!)) return refused;
    this.#capacity = Math.ceil(stream.topics.size / 2);
    return [];
  }

  /** The topics of an update. Where nothing tells, each topic goes on alone from before it. */
  route(stream: Stream, { topics, id = '' }: StreamEvent): Iterable<string> {
    if (topics) this.#share();
    if (stream.topics.size === 1) return stream.topics;
    if (topics) return topics.filter((name) => stream.topics.has(name));
    const marked = this.#owner.options.multiplex === 'always' && topicIn(id);
    if (marked) return [marked];
    this.#separate(stream);
    return [];
  }

  #laneWithRoom(): Lane | undefined {
    const { length } = this.#lanes;
    const roomy = this.#lanes.find(({ topics }) => topics.size < (this.#capacity ?? 1));
    if (roomy || (length > 0 && this.#capacity === undefined) || !this.#mayOpen()) return roomy;
    const lane: Lane = { topics: new Set(), stream: undefined, predecessors: [] };
    this.#lanes.push(lane);
    return lane;
  }

  #mayOpen(): boolean {
    const { client, report } = this.#owner;
    if (this.#lanes.length < HTTP1_STREAMS || !limitsConnections(client.url)) return true;
    if (!this.#limitTold) report(tooManyStreams());
    this.#limitTold = true;
    return false;
  }

  #refresh(lane: Lane): void {
    const { topics, stream, predecessors } = lane;
    const owner = this.#owner;
    if (topics.size === 0) {
      remove(this.#lanes, lane);
      for (const each of [stream, ...predecessors]) if (each) owner.drop(each);
    } else if (!stream) {
      const cursors = [...topics].flatMap((name) => owner.topics.get(name)?.cursor ?? []);
      lane.stream = owner.open(() => topics, cursors[0]);
    } else if (stream.status === 'open') {
      for (const [, topic] of owner.topicsOf(stream)) topic.accept();
      if ([...topics].some((name) => !stream.topics.has(name))) this.#replaceStream(lane);
    }
    // One that is not open asks for what is wanted once it does.
  }

  /** Behind the id that was heard longest ago nothing is left out. */
  #replaceStream(lane: Lane): void {
    const { topics, predecessors } = lane;
    if (lane.stream) predecessors.push(lane.stream);
    const { cursor } = predecessors.reduce((a, b) => (a.heardAt <= b.heardAt ? a : b));
    lane.stream = this.#owner.open(() => topics, cursor);
  }

  /** The hub names topics: those that have streams of their own move onto one. */
  #share(): void {
    if (!this.#mayShare || (this.#capacity ?? 1) > 1) return;
    this.#capacity = Infinity;
    if (this.#lanes.length < 2) return;
    const lane: Lane = {
      topics: new Set(this.#lanes.flatMap(({ topics }) => [...topics])),
      stream: undefined,
      predecessors: [...this.#owner.streams],
    };
    this.#lanes = [lane];
    this.#replaceStream(lane);
  }

  /** A shared stream cannot tell whose an update is. */
  #separate(stream: Stream): void {
    const owner = this.#owner;
    if (stream.cursor === undefined) owner.lost(owner.topicsOf(stream), undefined);
    this.#mayShare = false;
    this.#capacity = 1;
    this.#lanes = [];
    for (const each of owner.streams) {
      for (const [, topic] of owner.topicsOf(each)) topic.cursor ??= each.cursor;
      owner.drop(each);
    }
    owner.arrangeSoon();
  }
}

/** The topic its publisher wrote into an id. */
function topicIn(id: string): string | undefined {
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
