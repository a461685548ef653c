/** Where a hub stands on its origin (Mercure, "Discovery"). */
export const HUB_PATH = '/.well-known/mercure';

/** The two generations of the protocol: hubs up to 0.24, and 1.0. */
export type ProtocolVersion = '0.x' | '1.0';

/**
 * What a subscription listens to: a topic, or a selector of topics.
 *
 * - A string is that topic. With `{…}` in it, it is a URI Template, as Mercure 0.x takes it; `*` is
 *   every topic.
 * - `{ template }`: a URI Template ([RFC 6570](https://www.rfc-editor.org/rfc/rfc6570)).
 * - `{ pattern }`: a [URL Pattern](https://urlpattern.spec.whatwg.org), as Mercure 1.0 takes it.
 */
export type TopicSelector =
  | string
  | {
      /** A URI Template. */
      readonly template: string;
      /** None. */
      readonly pattern?: undefined;
    }
  | {
      /** A URL Pattern. */
      readonly pattern: string;
      /** None. */
      readonly template?: undefined;
    };

/** The query parameters that carry the cursor. Each version ignores the other's. */
export const CURSOR_PARAMETERS = ['lastEventID', 'last_event_id'] as const;

/** The response headers in which a hub names the cursor it resumed from. */
export const CURSOR_HEADERS = ['Mercure-Last-Event-ID', 'Last-Event-ID'] as const;

/**
 * The response header in which a hub lists what its streams carry beyond WHATWG's fields, separated
 * by commas: {@link StreamField}. (This project's; Mercure's proposal #1380 sends `topics` fields
 * without announcing them.)
 */
export const FIELDS_HEADER = 'Event-Stream-Fields';

/**
 * `topics`: every update names its topics, so that many topics can share one stream from the start.
 * `mark`: a block with an `id` and no data ends the replay and gives every subscriber a cursor.
 */
export type StreamField = 'topics' | 'mark';

/**
 * The parameters of a subscription that resumes behind `cursor` (Mercure, "Subscription").
 *
 * @returns `undefined` where this version cannot express one of the selectors.
 */
export function encodeSubscription(
  version: ProtocolVersion,
  selectors: Iterable<TopicSelector>,
  cursor?: string,
): URLSearchParams | undefined {
  const encode = version === '0.x' ? encodeFor0 : encodeFor1;
  const parameters = new URLSearchParams();
  for (const selector of selectors) {
    const encoded = encode(selector);
    if (encoded.length === 0) return undefined;
    for (const [name, value] of encoded) parameters.append(name, value);
  }
  if (cursor !== undefined) for (const name of CURSOR_PARAMETERS) parameters.set(name, cursor);
  return parameters;
}

/** Whether a string has the `{…}` of a URI Template. */
export function isTemplate(topic: string): boolean {
  return /\{[^{}]+\}/.test(topic);
}

/** 0.x takes a string, a URI Template and `*` alike. */
function encodeFor0(selector: TopicSelector): [name: string, value: string][] {
  if (typeof selector === 'string') return [['topic', selector]];
  const topic = selector.template ?? toTemplate(selector.pattern);
  return topic === undefined ? [] : [['topic', topic]];
}

/** 1.0 takes exact topics, `*` and URL Patterns. */
function encodeFor1(selector: TopicSelector): [name: string, value: string][] {
  if (typeof selector !== 'string') {
    const pattern = selector.pattern ?? toPattern(selector.template);
    return pattern === undefined ? [] : [['match_urlpattern', pattern]];
  }
  // As in 0.x, a string with `{…}` is also the topic that it spells.
  const pattern = toPattern(selector);
  const exact: [string, string] = ['match', selector];
  return pattern === undefined ? [exact] : [exact, ['match_urlpattern', pattern]];
}

// What both forms can say: an absolute URL, some of whose path segments are variables.
const URL_START = /^https?:\/\/[^/{}:*?#]+(:\d+)?\//;

/** The URL Pattern that selects what a URI Template does, where every variable is a path segment. */
function toPattern(template: string): string | undefined {
  if (!isTemplate(template)) return undefined;
  return translate(template, /\{\w+\}/, (index) => `:v${index}`);
}

/** The URI Template that selects what a URL Pattern does, where every group is a path segment. */
function toTemplate(pattern: string): string | undefined {
  if (pattern === '*') return pattern;
  return translate(pattern, /:[A-Za-z_]\w*/, (index) => `{v${index}}`);
}

function translate(
  url: string,
  variable: RegExp,
  write: (index: number) => string,
): string | undefined {
  const start = URL_START.exec(url)?.[0];
  if (start === undefined) return undefined;
  const isVariable = new RegExp(`^${variable.source}$`);
  const segments = url.slice(start.length).split('/');
  // A literal segment must mean the same in both forms.
  if (!segments.every((text) => isVariable.test(text) || /^[\w\-.~!$&',;=@%]*$/.test(text))) {
    return undefined;
  }
  return start + segments.map((text, at) => (isVariable.test(text) ? write(at) : text)).join('/');
}
