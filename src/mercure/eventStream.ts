/** One event of a stream, as far as a subscriber of a hub cares. */
export interface StreamEvent {
  /**
   * The id that this event itself carried. `undefined` where it carried none or an empty one, with
   * which a server resets the last event ID (WHATWG): there is no id to resume behind.
   */
  id: string | undefined;
  /** Default: `message`. */
  type: string;
  /** Its `data` lines, joined by line feeds. It may share the memory of its whole chunk. */
  data: string;
  /** The topics the hub names (dunglas/mercure#1380); `undefined` where it names none. */
  topics: readonly string[] | undefined;
}

/** Receives what a stream reader reads, in the order of the stream. */
export interface StreamListener {
  onEvent(event: StreamEvent): void;
  /** A block with an id, which is not empty, and without data: it only moves the cursor (WHATWG). */
  onMark(id: string): void;
  /** A comment line, such as a heartbeat. */
  onComment(): void;
  /** The reconnection time the hub asks for, in ms: any integer up to `Number.MAX_SAFE_INTEGER`. */
  onRetry(milliseconds: number): void;
  /**
   * An event that was too long has ended and was skipped.
   *
   * @param id its id, where that came before what was too much.
   * @param length of all its lines, in UTF-16 code units.
   */
  onOverflow(id: string | undefined, length: number): void;
}

export interface StreamReaderOptions {
  /**
   * The longest event that is read, all its fields together, in UTF-16 code units, which are never
   * more than its bytes. Default: 16,777,216; the largest update that a hub takes has 10 MiB.
   */
  maxEventLength?: number | undefined;
}

const MAX_EVENT_LENGTH = 16 * 1024 * 1024;
const COLON = 0x3a;
const SPACE = 0x20;

/**
 * Reads an event stream ([WHATWG HTML §9.2.5 and §9.2.6](https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream))
 * from chunks of bytes, however they are cut. The quotes below are from there.
 *
 * It decodes whole chunks and looks for lines in the text: engines search a string some twenty times
 * as fast as bytes. What may be kept of an event (its id, type and topics) is copied.
 *
 * @returns `feed`, which takes the next chunk and calls the listener before it returns.
 */
export function createStreamReader(
  listener: StreamListener,
  { maxEventLength = MAX_EVENT_LENGTH }: StreamReaderOptions = {},
): (chunk: Uint8Array) => void {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const copyId = createCopier();
  const copyType = createCopier();
  const copyTopic = createCopier();
  let atStart = true;
  let endedInCR = false;
  /** The beginning of a line whose end has not arrived. */
  let held = '';

  // The event that is being read.
  let id: string | undefined;
  let type = '';
  let data: string | undefined;
  let moreData: string[] = [];
  let topics: string[] | undefined;
  let length = 0;

  return (chunk) => {
    if (chunk.length > 0) readLines(decode(chunk));
  };

  function decode(chunk: Uint8Array): string {
    // Only a byte that is not ASCII can be in the middle of a character. Node decodes five times as
    // fast without `stream`.
    let text = decoder.decode(chunk, { stream: chunk.at(-1)! > 0x7f });
    if (text === '') return text;
    // "The UTF-8 decode algorithm strips one leading UTF-8 Byte Order Mark (BOM), if any."
    if (atStart && text.startsWith('\uFEFF')) text = text.slice(1);
    atStart = false;
    // "Lines must be separated by either a U+000D CARRIAGE RETURN U+000A LINE FEED (CRLF) character
    // pair, a single U+000A LINE FEED (LF) character, or a single U+000D CARRIAGE RETURN (CR)
    // character." A CR ends a line at once, also where the LF of a pair is yet to come.
    if (endedInCR && text.startsWith('\n')) text = text.slice(1);
    endedInCR = text.endsWith('\r');
    return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  }

  function readLines(text: string): void {
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      if (held === '') {
        readLine(text, start, end);
      } else {
        const line = held + text.slice(start, end);
        held = '';
        readLine(line, 0, line.length);
      }
      start = end + 1;
    }
    if (start < text.length) hold(text.slice(start));
  }

  function hold(part: string): void {
    // The text of a comment is not needed.
    if (held === '' && part.startsWith(':')) held = ':';
    if (held === ':') return;
    held += part;
    if (length + held.length <= maxEventLength) return;
    // The event is too long: of its lines only the length matters now, and the kind.
    forgetContent();
    length += held.length - 1;
    held = held.charAt(0);
  }

  function readLine(text: string, start: number, end: number): void {
    // "If the line is empty: Dispatch the event."
    if (start === end) return dispatch();
    // "If the line starts with a U+003A COLON character (:): Ignore the line."
    if (text.charCodeAt(start) === COLON) return listener.onComment();
    length += end - start;
    if (length <= maxEventLength) readField(text, start, end);
    else forgetContent();
  }

  function readField(text: string, start: number, end: number): void {
    switch (text.charAt(start)) {
      case 'd': {
        const from = valueOf('data', text, start, end);
        if (from === -1) return;
        if (data === undefined) data = text.slice(from, end);
        else moreData.push(text.slice(from, end));
        return;
      }
      case 'i': {
        const from = valueOf('id', text, start, end);
        if (from === -1) return;
        const value = copyId(text, from, end);
        // "If the field value does not contain U+0000 NULL", it is the id. "Otherwise, ignore the
        // field."
        if (!value.includes('\0')) id = value;
        return;
      }
      case 't': {
        const from = valueOf('topics', text, start, end);
        if (from !== -1) (topics ??= []).push(copyTopic(text, from, end));
        return;
      }
      case 'e': {
        const from = valueOf('event', text, start, end);
        if (from !== -1) type = copyType(text, from, end);
        return;
      }
      case 'r': {
        const from = valueOf('retry', text, start, end);
        if (from !== -1) readRetry(text.slice(from, end));
        return;
      }
      default: // "Otherwise: The field is ignored."
    }
  }

  function readRetry(value: string): void {
    // "If the field value consists of only ASCII digits", it is an "integer in base ten".
    const milliseconds = /^[0-9]+$/.test(value) ? Number(value) : Infinity;
    if (milliseconds <= Number.MAX_SAFE_INTEGER) listener.onRetry(milliseconds);
  }

  function dispatch(): void {
    const isEvent = data !== undefined;
    const event = { id: id || undefined, type: type || 'message', data: joinData(), topics };
    const size = length;
    id = undefined;
    type = '';
    length = 0;
    forgetContent();

    if (size > maxEventLength) listener.onOverflow(event.id, size);
    // "If the data buffer is an empty string", nothing is dispatched. A line `data` without a value
    // makes it a line feed.
    else if (isEvent) listener.onEvent(event);
    else if (event.id !== undefined) listener.onMark(event.id);
  }

  function joinData(): string {
    return moreData.length > 0 ? [data, ...moreData].join('\n') : (data ?? '');
  }

  function forgetContent(): void {
    data = undefined;
    if (moreData.length > 0) moreData = [];
    topics = undefined;
  }
}

/** Where the value of the field `name` starts on this line; -1 where the line is another field. */
function valueOf(name: string, text: string, start: number, end: number): number {
  if (!text.startsWith(name, start)) return -1;
  const colon = start + name.length;
  // "Otherwise, the string is not empty but does not contain a U+003A COLON character (:)": it is
  // the field name, with "the empty string as the field value".
  if (colon === end) return end;
  if (text.charCodeAt(colon) !== COLON) return -1;
  // "If value starts with a U+0020 SPACE character, remove it from value."
  return text.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1;
}

/**
 * Makes a function that copies a part of a text, since a slice keeps the whole text in memory. The
 * last copy is remembered: events mostly repeat the type and the topic of the one before.
 */
function createCopier(): (text: string, start: number, end: number) => string {
  let last = '';
  return (text, start, end) => {
    if (end - start !== last.length || !text.startsWith(last, start)) {
      last = JSON.parse(JSON.stringify(text.slice(start, end))) as string;
    }
    return last;
  };
}
