// @vitest-environment node
// Random streams, cut anywhere, read as `eventsource-parser` reads them.
// `FUZZ_STREAMS=2000000 FUZZ_SEED=1 npx vitest run --project=unit test/mercure` reads more, or the
// same again.
import { createParser } from 'eventsource-parser';
import { expect, it } from 'vitest';
import { createStreamReader, type StreamEvent } from '../../src/mercure/index.js';
import { Random } from '../servers/random.js';

const STREAMS = Number(process.env.FUZZ_STREAMS ?? 100_000);
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 32);

type Heard = StreamEvent | string;

const bytes = (text: string) => new TextEncoder().encode(text);

const LINE_ENDS = ['\n', '\n', '\n', '\r', '\r\n', '\n\n', '\r\r', '\r\n\r\n', '\n\r', ''].map(
  bytes,
);
const SEPARATORS = [': ', ': ', ':', ':  ', '', ' : ', '::', '\t:', '\0'].map(bytes);
const NAMES = ['data', 'data', 'data', 'id', 'id', 'topics', 'event', 'retry', '', '']
  .concat(['dat', 'datas', 'Data', 'ids', 'topic', 'unknown', ' data', '\uFEFFdata', 'd', '\0'])
  .map(bytes);
const VALUES = ['', '', 'a', '1', '1', '1500', '9007199254740991', '9007199254740992', '007', '1.5']
  .concat(['-1', ' ', ':', '\0', '\uFEFF', 'é', '👋', '日本', 'https://example.com/a?b=c:d'])
  .map(bytes)
  .concat([0xff, 0x80, 0xc3, 0xe2, 0xf0].map((byte) => Uint8Array.of(byte)))
  .concat([Uint8Array.of(0xe2, 0x82), Uint8Array.of(0xf0, 0x9f, 0x91)]);

it(`reads ${STREAMS} random streams as another parser does, seed ${SEED}`, { timeout: 0 }, () => {
  const random = new Random(SEED);
  for (let count = 0; count < STREAMS; count++) {
    const stream = createStream(random);
    const chunks = cut(stream, random);
    const read = readAsOurs(chunks);
    const expected = readAsTheirs(stream);
    // Comparing texts is what 100,000 comparisons have time for.
    if (JSON.stringify(read) === JSON.stringify(expected)) continue;
    expect(read, `FUZZ_SEED=${SEED}, ${show(chunks)}`).toEqual(expected);
  }
});

it(`skips the same events wherever a stream is cut, seed ${SEED}`, { timeout: 0 }, () => {
  const random = new Random(SEED);
  for (let count = 0; count < STREAMS / 10; count++) {
    const stream = createStream(random);
    const chunks = cut(stream, random);
    const limit = random.between(1, 30);
    const read = readAsOurs(chunks, limit);
    const expected = readAsOurs([stream], limit);
    if (JSON.stringify(read) === JSON.stringify(expected)) continue;
    expect(read, `FUZZ_SEED=${SEED}, limit ${limit}, ${show(chunks)}`).toEqual(expected);
  }
});

function createStream(random: Random): Uint8Array {
  const parts: Uint8Array[] = [];
  if (random.between(0, 9) === 0) parts.push(bytes('\uFEFF'));
  for (let lines = random.between(1, 12); lines > 0; lines--) {
    parts.push(random.oneOf(NAMES), random.oneOf(SEPARATORS));
    for (let values = random.between(0, 2); values > 0; values--) parts.push(random.oneOf(VALUES));
    parts.push(random.oneOf(LINE_ENDS));
  }
  return Buffer.concat(parts);
}

function cut(stream: Uint8Array, random: Random): Uint8Array[] {
  const longest = random.oneOf([1, 3, 20, 1_000]);
  const chunks: Uint8Array[] = [];
  for (let start = 0; start < stream.length;) {
    const end = start + random.between(0, longest);
    chunks.push(stream.subarray(start, end));
    start = end;
  }
  return chunks;
}

function readAsOurs(chunks: Uint8Array[], maxEventLength?: number): Heard[] {
  const heard: Heard[] = [];
  const listener = {
    onEvent: (event: StreamEvent) => heard.push(event),
    onMark: (id: string) => heard.push(`mark ${id}`),
    onComment: () => heard.push('comment'),
    onRetry: (milliseconds: number) => heard.push(`retry ${milliseconds}`),
    onOverflow: (id: string | undefined, length: number) => heard.push(`overflow ${id} ${length}`),
  };
  const feed = createStreamReader(listener, { maxEventLength });
  for (const chunk of chunks) feed(chunk);
  return heard;
}

/** What the other parser reads, where it differs on purpose brought into our form. */
function readAsTheirs(stream: Uint8Array): Heard[] {
  const heard: Heard[] = [];
  // The parser strips the byte order mark itself.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(stream);
  const topics = topicsOfEvents(text);
  const parser = createParser({
    // It reports every id by itself, before an event of the same block.
    onId: (id) => heard.push(`mark ${id}`),
    onEvent({ id, event = 'message', data }) {
      if (id !== undefined) heard.pop();
      heard.push({ id: id || undefined, type: event, data, topics: topics.shift() });
    },
    onComment: () => heard.push('comment'),
    onRetry: (milliseconds) => {
      if (Number.isSafeInteger(milliseconds)) heard.push(`retry ${milliseconds}`);
    },
  });
  parser.feed(text);
  return heard.filter((entry) => entry !== 'mark ');
}

/** It does not know the field `topics`. */
function topicsOfEvents(text: string): (string[] | undefined)[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const blocks: string[][] = [[]];
  for (const line of lines) {
    if (line === '') blocks.push([]);
    else blocks.at(-1)!.push(line);
  }
  return blocks
    .filter((block) => block.some((line) => /^data(:|$)/.test(line)))
    .map((block) => block.filter((line) => /^topics(:|$)/.test(line)))
    .map((fields) => fields.map((line) => line.replace(/^topics(: ?)?/, '')))
    .map((topics) => (topics.length > 0 ? topics : undefined));
}

const show = (chunks: Uint8Array[]) =>
  chunks.map((chunk) => JSON.stringify(Buffer.from(chunk).toString('latin1'))).join(' ');
