/**
 * What the id of an update tells. Hubs and other clients take it as it is; this driver reads from
 * it who published (for `own`), what is missing (for `gap`) and, where streams are shared by
 * `multiplex: 'always'`, on which topic.
 *
 * `signal:PUBLISHER:LINE.SEQUENCE[:TOPIC]`, an IRI; the sequence counts the updates of one
 * publisher on one topic, its line, without holes. Of other ids nothing is known.
 */
export interface UpdateId {
  /** A publisher's line: one topic of one publisher. */
  line: string | undefined;
  sequence: number;
  topic: string | undefined;
}

const PATTERN = /^(signal:\w+:\d+)\.(\d+)(?::(.+))?$/;

/** What all ids of one publisher begin with. It is random: two drivers never share it. */
export function createPublisherId(): string {
  const random = crypto.getRandomValues(new Uint32Array(2));
  return `signal:${Array.from(random, (part) => part.toString(36)).join('')}:`;
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

export function parseUpdateId(id: string): UpdateId {
  const [, line, sequence, topic] = PATTERN.exec(id) ?? [];
  return { line, sequence: Number(sequence), topic };
}
