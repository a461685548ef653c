/**
 * What the id of an update tells. Hubs and other clients take it as it is; this driver reads from
 * it what is missing (for `gap`) and, with `multiplex: 'always'`, the topic.
 *
 * `signal:PUBLISHER:LINE.SEQUENCE.RANDOM[:TOPIC]`, an IRI. A line is what one publisher sends to
 * one topic, public and private updates apart; the sequence counts it without holes. The random
 * part makes an id nobody can guess, so that no other publisher can use it up.
 */
export interface UpdateId {
  /** The publisher and its line. */
  line: string;
  /** The place of the update in its line, from 1. */
  sequence: number;
  /** The topic, where the publisher wrote it into the id. */
  topic: string | undefined;
}

const PATTERN = /^(signal:\w+:\d+)\.(\d{1,15})\.\w+(?::(.+))?$/;

/** Makes the ids of one publisher, which begin with a random part of its own. */
export class UpdateIds {
  readonly #publisher = randomPart();
  #lines = 0;

  /** The number of a new line. */
  newLine(): number {
    return ++this.#lines;
  }

  create(line: number, sequence: number, topic?: string): string {
    const id = `signal:${this.#publisher}:${line}.${sequence}.${randomPart()}`;
    return topic === undefined ? id : `${id}:${encodeURIComponent(topic)}`;
  }
}

/** Reads an id of this driver; `undefined` for those of other publishers. */
export function parseUpdateId(id: string): UpdateId | undefined {
  const [, line, sequence, topic] = PATTERN.exec(id) ?? [];
  if (line === undefined) return undefined;
  return { line, sequence: Number(sequence), topic: topic && decode(topic) };
}

function decode(topic: string): string | undefined {
  try {
    return decodeURIComponent(topic);
  } catch {
    return undefined;
  }
}

/** 64 random bits. React Native has no `crypto`; its ids can be guessed by who tries hard. */
export function randomPart(): string {
  const { crypto } = globalThis as Partial<typeof globalThis>;
  const words = new Uint32Array(2);
  if (crypto) crypto.getRandomValues(words);
  else words.forEach((_, index) => (words[index] = Math.random() * 2 ** 32));
  return Array.from(words, (word) => word.toString(36)).join('');
}
