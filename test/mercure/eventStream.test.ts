// @vitest-environment node
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { createStreamReader, type StreamEvent } from '../../src/mercure/index.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

type Heard = StreamEvent | string;

/** What a reader reports: events as objects, the rest as strings. */
function createReader(maxEventLength?: number) {
  const heard: Heard[] = [];
  const listener = {
    onEvent: (event: StreamEvent) => heard.push(event),
    onMark: (id: string) => heard.push(`mark ${id}`),
    onComment: () => heard.push('comment'),
    onRetry: (milliseconds: number) => heard.push(`retry ${milliseconds}`),
    onOverflow: (id: string | undefined, length: number) =>
      heard.push(`overflow of ${length}, id ${id}`),
  };
  return { heard, feed: createStreamReader(listener, { maxEventLength }) };
}

function read(chunks: Iterable<Uint8Array>, maxEventLength?: number): Heard[] {
  const { heard, feed } = createReader(maxEventLength);
  for (const chunk of chunks) feed(chunk);
  return heard;
}

const bytes = (text: string) => new TextEncoder().encode(text);
/** In chunks of `size` bytes. */
function inChunks(text: string, size: number): Uint8Array[] {
  const all = bytes(text);
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.subarray(index * size, (index + 1) * size),
  );
}
const whole = (text: string) => [bytes(text)];
const byteByByte = (text: string) => inChunks(text, 1);
const event = (data: string, more: Partial<StreamEvent> = {}) => ({
  id: undefined,
  type: 'message',
  data,
  topics: undefined,
  ...more,
});

const STREAM = [
  ':',
  '',
  'event: offer',
  'retry: 1500',
  'id: 1',
  'topics: https://example.com/a?x=1:2',
  'topics: b',
  'data: first 👋',
  'data: second',
  '',
  'id: 2',
  '',
  'data',
  '',
  'unknown: field',
  'topicsandmore: x',
  'data: last',
  '',
  'data: half',
].join('\n');

const HEARD = [
  'comment',
  'retry 1500',
  event('first 👋\nsecond', {
    id: '1',
    type: 'offer',
    topics: ['https://example.com/a?x=1:2', 'b'],
  }),
  'mark 2',
  event(''),
  event('last'),
];

describe('an event stream', () => {
  const breaks = { LF: '\n', CR: '\r', CRLF: '\r\n' };
  for (const [name, lineBreak] of Object.entries(breaks)) {
    const stream = STREAM.replaceAll('\n', lineBreak);

    it(`reads the same whole or byte by byte, with ${name}`, () => {
      expect(read(whole(stream))).toEqual(HEARD);
      expect(read(byteByByte(stream))).toEqual(HEARD);
    });

    it(`reads the same wherever it is cut in two, with ${name}`, () => {
      const all = bytes(stream);
      for (let cut = 1; cut < all.length; cut++) {
        expect(read([all.subarray(0, cut), all.subarray(cut)])).toEqual(HEARD);
      }
    });
  }

  it('may begin with one byte order mark', () => {
    for (const cut of [whole, byteByByte]) {
      expect(read(cut('\uFEFFdata: a\n\n'))).toEqual([event('a')]);
      expect(read(cut('\uFEFF\uFEFFdata: a\n\n'))).toEqual([]);
      expect(read(cut('data: \uFEFFa\n\n\uFEFFdata: b\n\n'))).toEqual([event('\uFEFFa')]);
    }
  });

  it('delivers no half of an event that breaks off', () => {
    expect(read(whole('id: 1\ndata: whole\n\nid: 2\ndata: half'))).toEqual([
      event('whole', { id: '1' }),
    ]);
  });

  it('names topics for one event only', () => {
    expect(read(whole('topics: a\ndata: 1\n\ndata: 2\n\n'))).toEqual([
      event('1', { topics: ['a'] }),
      event('2'),
    ]);
    expect(read(whole('id: 1\ntopics: a\n\ndata: 2\n\n'))).toEqual(['mark 1', event('2')]);
  });

  it('names the topic of each event', () => {
    const names = ['a', 'a', 'ab', 'b', '', 'b'];
    const stream = names.map((name) => `topics: ${name}\ndata\n\n`).join('');
    expect(read(whole(stream))).toEqual(names.map((name) => event('', { topics: [name] })));
  });

  it('reports a mark before the event that follows it in the same chunk', () => {
    expect(read(whole('id: 1\n\nid: 2\ndata: a\n\n'))).toEqual(['mark 1', event('a', { id: '2' })]);
  });

  it('reports an event with the CR that ends it, and no second one for the LF of a pair', () => {
    const { heard, feed } = createReader();
    feed(bytes('data: a\r\n\r'));
    expect(heard).toEqual([event('a')]);
    feed(bytes('\n'));
    feed(bytes('data: b\r\r'));
    expect(heard).toEqual([event('a'), event('b')]);
  });

  it('takes an empty id for none, and a block without data and with one for nothing', () => {
    expect(read(whole('id: 1\ndata: a\n\nid\ndata: b\n\nid:\n\nid: \n\n'))).toEqual([
      event('a', { id: '1' }),
      event('b'),
    ]);
    expect(read(whole('id: 1\nid:\ndata: a\n\n'))).toEqual([event('a')]);
  });

  it('ignores an id with NUL', () => {
    expect(read(whole('id: 1\nid: 2\0\ndata: a\n\n'))).toEqual([event('a', { id: '1' })]);
  });

  it('ignores a `retry` that is not a safe integer of ASCII digits', () => {
    const values = [
      '1500',
      '0',
      '9007199254740991',
      '9007199254740992',
      '1e3',
      '-1',
      '',
      ' 1',
      '٣',
    ];
    const stream = values.map((value) => `retry: ${value}\n`).join('');
    expect(read(whole(stream))).toEqual(['retry 1500', 'retry 0', 'retry 9007199254740991']);
  });

  it('removes one space after the colon, and ignores fields it does not know', () => {
    const stream = 'data:a\ndata:  b\ndata : c\nData: d\n data: e\ndatas: f\ndat: g\ndata:: h\n\n';
    expect(read(whole(stream))).toEqual([event('a\n b\n: h')]);
  });

  it('decodes what is not UTF-8 as the replacement character, wherever it is cut', () => {
    const stream = Uint8Array.from([...bytes('data: '), 0xff, 0xe2, 0x82, 0x0a, 0x80, 0x0a, 0x0a]);
    const chunks = Array.from(stream, (byte) => Uint8Array.of(byte));
    expect(read([stream])).toEqual([event('\uFFFD\uFFFD')]);
    expect(read(chunks)).toEqual([event('\uFFFD\uFFFD')]);
  });

  it('reads a megabyte on one line, and on lines of one character', () => {
    const long = 'x👋é'.repeat(150_000);
    const lines = 'data:x\n'.repeat(100_000);
    for (const size of [1_000, 10_000, 2_000_000]) {
      expect(read(inChunks(`data: ${long}\n\n${lines}\n`, size))).toEqual([
        event(long),
        event('x\n'.repeat(100_000).slice(0, -1)),
      ]);
    }
  });

  it('keeps no chunk in memory by what may be kept of an event', () => {
    const kept: unknown[] = [];
    const feed = createStreamReader({
      onEvent: ({ id, type, topics }) => kept.push(id, type, topics),
      onMark: (id) => kept.push(id),
      onComment: () => {},
      onRetry: () => {},
      onOverflow: () => {},
    });
    const before = usedMemory();
    for (let number = 0; number < 500; number++) {
      const name = `of-more-than-thirteen-characters-${number}`;
      feed(bytes(`id: ${name}\nevent: ${name}\ntopics: ${name}\ndata: ${'x'.repeat(60_000)}\n\n`));
    }
    // 500 texts of 60 kB would be 30 MB.
    expect(usedMemory() - before).toBeLessThan(15_000_000);
    expect(kept).toHaveLength(1_500);
  });
});

describe('an event that is too long', () => {
  const LONG = 'x'.repeat(200);

  it.each([
    ['in its data', `id: 1\ndata: ${LONG}\n`, 'overflow of 211, id 1'],
    ['in many short lines', `id: 1\n${'data\n'.repeat(50)}`, 'overflow of 205, id 1'],
    ['in its topics', `id: 1\ntopics: ${LONG}\ndata: a\n`, 'overflow of 220, id 1'],
    [
      'in a field that means nothing',
      `unknown: ${LONG}\ndata: a\n`,
      'overflow of 216, id undefined',
    ],
    ['before its id', `data: ${LONG}\nid: 1\n`, 'overflow of 211, id undefined'],
    ['in its id', `id: ${LONG}\ndata: a\n`, 'overflow of 211, id undefined'],
  ])('%s is skipped, and the stream goes on', (_, block, overflow) => {
    const stream = `data: before\n\n${block}\nid: 2\ndata: behind\n\n`;
    const expected = [event('before'), overflow, event('behind', { id: '2' })];
    for (const size of [1, 7, 100, 1_000])
      expect(read(inChunks(stream, size), 100)).toEqual(expected);
  });

  it('is one that exceeds the limit, without its line ends and comments', () => {
    const comments = `:${LONG}\n`;
    const stream = (data: number) =>
      `${comments}id:1\r\ndata:${'x'.repeat(data)}\r\n${comments}\r\n`;
    for (const size of [1, 7, 1_000]) {
      expect(read(inChunks(stream(91), size), 100)).toEqual([
        'comment',
        'comment',
        event('x'.repeat(91), { id: '1' }),
      ]);
      expect(read(inChunks(stream(92), size), 100)).toEqual([
        'comment',
        'comment',
        'overflow of 101, id 1',
      ]);
    }
  });

  it.each(['data: ', 'id: ', 'topics: ', ': ', '\uFEFF: ', ''])(
    'takes no memory while it goes on and on, in a line of %j without end',
    (start) => {
      const { heard, feed } = createReader();
      const mebibyte = bytes('x'.repeat(1_048_576));
      feed(bytes(start));
      const before = usedMemory();
      for (let count = 0; count < 200; count++) feed(mebibyte);
      expect(usedMemory() - before).toBeLessThan(25_000_000);
      expect(heard).toEqual([]);
    },
  );
});

/** In bytes. */
function usedMemory(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
