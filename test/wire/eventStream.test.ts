// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { createStreamReader, type StreamEvent } from '../../src/mercure/index.js';

/** What is heard of a stream: its events as objects, the rest as strings. */
function read(chunks: Iterable<Uint8Array>) {
  const heard: (Partial<StreamEvent> | string)[] = [];
  const feed = createStreamReader({
    onEvent: (event) => heard.push(event),
    onMark: (id) => heard.push(`mark ${id}`),
    onComment: () => heard.push('comment'),
    onRetry: (milliseconds) => heard.push(`retry ${milliseconds}`),
  });
  for (const chunk of chunks) feed(chunk);
  return heard;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const whole = (text: string) => [bytes(text)];
const byteByByte = (text: string) => Array.from(bytes(text), (byte) => Uint8Array.of(byte));
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
    expect(read(whole('\uFEFFdata: a\n\n'))).toEqual([event('a')]);
    expect(read(byteByByte('\uFEFFdata: a\n\n'))).toEqual([event('a')]);
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

  it('tells a mark before the event that follows it in the same chunk', () => {
    expect(read(whole('id: 1\n\nid: 2\ndata: a\n\n'))).toEqual(['mark 1', event('a', { id: '2' })]);
  });

  it('reads a megabyte on one line', () => {
    const data = 'x'.repeat(1_048_576);
    const all = bytes(`data: ${data}\n\n`);
    const chunks = Array.from({ length: Math.ceil(all.length / 65_536) }, (_, index) =>
      all.subarray(index * 65_536, (index + 1) * 65_536),
    );
    expect(read(chunks)).toEqual([event(data)]);
  });

  it.each(['data: ', 'topics: ', ': '])('ends at a line of %j without end', (start) => {
    const mebibyte = bytes('x'.repeat(1_048_576));
    const endless = function* () {
      yield bytes(start);
      for (let count = 0; count < 17; count++) yield mebibyte;
    };
    expect(() => read(endless())).toThrow(RangeError);
  });
});
