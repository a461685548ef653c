/** What an event carries to a subscriber. */
export interface OutgoingEvent {
  id: string;
  data: string;
  /** Default: `message`. */
  type?: string | undefined;
  /** Reconnection time for the subscriber, in ms. */
  retry?: number | undefined;
  /** The topics it names (dunglas/mercure#1380). Default: none. */
  topics?: readonly string[] | undefined;
}

/** A comment line: it dispatches nothing and shows that the stream lives. */
export const HEARTBEAT = ':\n';

/**
 * Encodes an event ([WHATWG HTML §9.2.5](https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream)).
 * Every line of the data becomes a field of its own, however it is broken.
 *
 * @throws a `TypeError` where a line break in another field would forge a field or an event.
 */
export function encodeEvent({ topics = [], data, ...event }: OutgoingEvent): string {
  return `${encodeHead(event)}${encodeTopics(topics)}data: ${data.replace(/\r\n?|\n/g, '\ndata: ')}\n\n`;
}

/** The part of an event before its topics. */
export function encodeHead({ id, type, retry }: Omit<OutgoingEvent, 'data' | 'topics'>): string {
  return (
    (type ? field('event', type) : '') +
    (retry ? field('retry', String(retry)) : '') +
    field('id', id)
  );
}

/** The part of an event that names topics. */
export function encodeTopics(topics: readonly string[]): string {
  return topics.map((topic) => field('topics', topic)).join('');
}

/** A block that moves a subscriber's cursor to `id` and dispatches nothing. */
export function encodeMark(id: string): string {
  return `${field('id', id)}\n`;
}

function field(name: string, value: string): string {
  if (/[\r\n\0]/.test(value)) throw new TypeError(`A line break or NUL in the field "${name}".`);
  return `${name}: ${value}\n`;
}
