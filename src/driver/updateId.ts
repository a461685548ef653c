/**
 * What the id of an update tells. Hubs and other clients take it as it is; this driver reads from
 * it who published (for `own`), what is missing (for `gap`) and, where streams are shared by
 * `multiplex: 'always'`, on which topic.
 *
 * `signal:PUBLISHER:LINE.SEQUENCE[:TOPIC]`, an IRI; the sequence counts the updates of one
 * publisher on one topic, its line, without holes.
 */
export interface UpdateId {
  /** A publisher's line: one topic of one publisher. */
  line: string;
  sequence: number;
  topic: string | undefined;
}

const PREFIX = 'signal:';
const PATTERN = /^signal:(\w+:\d+)\.(\d+)(?::(.+))?$/;

/** What all ids of one publisher begin with. It is random: two drivers never share it. */
export function createPublisherId(): string {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2)) as unknown as [number, number];
  return `${PREFIX}${high.toString(36)}${low.toString(36)}:`;
}

export function formatUpdateId(
  publisher: string,
  line: number,
  sequence: number,
  topic?: string,
): string {
  const id = `${publisher}${line}.${sequence}`;
  return topic === undefined ? id : `${id}:${encodeURIComponent(topic)}`;
}

/** `undefined` for the ids of others. */
export function parseUpdateId(id: string): UpdateId | undefined {
  const match = id.startsWith(PREFIX) ? PATTERN.exec(id) : null;
  if (!match) return undefined;
  const [, line, sequence, topic] = match;
  try {
    return {
      line: line!,
      sequence: Number(sequence),
      topic: topic === undefined ? undefined : decodeURIComponent(topic),
    };
  } catch {
    return undefined;
  }
}
