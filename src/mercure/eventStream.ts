import { createParser } from 'eventsource-parser';

/** One event of a stream, as far as a subscriber of a hub cares. */
export interface StreamEvent {
  /** `undefined` where the hub gave none. */
  id: string | undefined;
  /** Default: `message`. */
  type: string;
  data: string;
  /** The topics the hub names (dunglas/mercure#1380); `undefined` where it names none. */
  topics: readonly string[] | undefined;
}

/** What a stream reader hears. */
export interface StreamListener {
  onEvent(event: StreamEvent): void;
  /** A block that has an id and no data: it dispatches nothing and moves the cursor (WHATWG). */
  onMark(id: string): void;
  /** A comment line, such as a heartbeat. */
  onComment(): void;
  /** The reconnection time the hub asks for, in ms. */
  onRetry(milliseconds: number): void;
}

/**
 * A line or an event longer than this many characters ends the stream with an error: above the
 * largest update a hub takes (10 MiB), below what hurts.
 */
const MAX_EVENT_LENGTH = 16 * 1024 * 1024;

/**
 * Reads an event stream ([WHATWG HTML §9.2.6](https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation))
 * from chunks of bytes, however they are cut.
 *
 * @returns `feed`, which throws a `RangeError` once a line or an event exceeds 16 MiB.
 */
export function createStreamReader(listener: StreamListener): (chunk: Uint8Array) => void {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let topics: string[] | undefined;
  let markedId: string | undefined;
  let held = '';
  let atLineStart = true;

  const parser = createParser({
    maxBufferSize: MAX_EVENT_LENGTH,
    onId(id) {
      mark();
      markedId = id;
    },
    onEvent({ id, event: type = 'message', data }) {
      if (id === undefined) mark();
      const event = { id, type, data, topics };
      markedId = topics = undefined;
      listener.onEvent(event);
    },
    onComment: listener.onComment,
    onRetry: listener.onRetry,
    onError(error) {
      if (error.type === 'max-buffer-size-exceeded') throw new RangeError(error.message);
      if (error.field !== 'topics') return;
      mark();
      (topics ??= []).push(error.value!);
    },
  });

  return (chunk) => {
    const text = held + decoder.decode(chunk, { stream: true });
    if (text) parser.feed(upToUnknownField(text));
    mark();
  };

  // The parser tells an id before it tells whether an event follows in the same block.
  function mark(): void {
    if (markedId === undefined) return;
    const id = markedId;
    markedId = topics = undefined;
    listener.onMark(id);
  }

  // The parser forgets an unfinished line of a field it does not know, so one that may be
  // `topics` waits here until it is whole.
  function upToUnknownField(text: string): string {
    held = '';
    let lineStart = text.lastIndexOf('\n') + 1;
    // Behind the last line feed, so that a long text is not searched for what few streams have.
    if (text.includes('\r', lineStart)) lineStart = text.lastIndexOf('\r') + 1;
    const startsLine = lineStart > 0 || atLineStart;
    atLineStart = lineStart === text.length;
    if (!startsLine || text[lineStart] !== 't') return text;
    if (text.length - lineStart > MAX_EVENT_LENGTH) throw new RangeError('Line too long');
    held = text.slice(lineStart);
    atLineStart = true;
    return text.slice(0, lineStart);
  }
}
