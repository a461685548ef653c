import { CURSOR_HEADERS, CURSOR_PARAMETERS, FIELDS_HEADER } from '../mercure/index.js';
import type { Answer, HubRequest } from './exchange.js';
import { EARLIEST } from './History.js';
import { isHeaderValue } from './headerValue.js';
import type { Settings } from './options.js';
import { Refusal } from './Refusal.js';
import { isOlder, SelectorSet, type Selector, type SelectorType } from './selectors.js';

/** What a subscriber asks for. */
export interface SubscriptionRequest {
  selected: SelectorSet;
  /** The id it goes on from; `undefined` where it starts now. */
  cursor: string | undefined;
}

const SELECTORS: Record<string, SelectorType> = {
  match: 'exact',
  match_exact: 'exact',
  match_urlpattern: 'urlpattern',
};

/** What drafts of 1.0 called them. */
const DRAFT_SELECTORS: Record<string, SelectorType> = {
  matchExact: 'exact',
  matchURLPattern: 'urlpattern',
};

const MAX_SELECTOR_BYTES = 4096;

/** What the selectors of one subscription may cost together. */
const MAX_TOTAL_BYTES = 512 * 1024;
const MAX_PATTERN_BYTES = 64 * 1024;
const MAX_VARIABLES = 500;

/**
 * Reads the parameters of a subscription (Mercure, "Subscription").
 *
 * @throws a {@link Refusal} with 400 where one is missing or wrong.
 */
export function readSubscription(
  parameters: URLSearchParams,
  request: HubRequest,
  { base, protocol, maxTopics }: Settings,
): SubscriptionRequest {
  const asked = [...parameters].flatMap(([name, match]) => {
    const type = selectorType(name, protocol);
    return type ? [{ type, match }] : [];
  });
  if (asked.length === 0) throw missing(protocol);
  if (asked.length > maxTopics) throw new Refusal(400, `Too many selectors (at most ${maxTopics})`);
  const size = asked.reduce((sum, { match }) => sum + match.length, 0);
  if (size > MAX_TOTAL_BYTES) throw tooComplex();
  return { selected: select(asked, base), cursor: readCursor(parameters, request, protocol) };
}

function select(asked: readonly Selector[], base: string): SelectorSet {
  let selected: SelectorSet;
  try {
    for (const selector of asked) if (!isOlder(selector)) checkMatcher(selector.match);
    const patterns = asked.filter(
      ({ type, match }) => type === 'urlpattern' || match.includes('{'),
    );
    const size = patterns.reduce((sum, { match }) => sum + match.length, 0);
    if (size > MAX_PATTERN_BYTES) throw tooComplex();
    selected = new SelectorSet(asked, base);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(400, 'invalid topic matcher pattern');
  }
  const variables = selected.patterns.reduce((sum, { variables }) => sum + variables, 0);
  if (variables > MAX_VARIABLES) throw tooComplex();
  return selected;
}

function tooComplex(): Refusal {
  return new Refusal(400, 'The selectors of this subscription are too complex');
}

/** `undefined` for a parameter that is none of this version's. */
function selectorType(name: string, protocol: Settings['protocol']): SelectorType | undefined {
  if (name === 'topic') {
    if (protocol !== '1.0') return 'topic';
    throw new Refusal(400, 'the "topic" parameter belongs to 0.x, use "match" instead');
  }
  if (protocol === '0.x' || !/^match/i.test(name)) return undefined;
  const type = SELECTORS[name] ?? (protocol === 'both' ? DRAFT_SELECTORS[name] : undefined);
  if (type) return type;
  throw new Refusal(400, `unknown parameter "${name}", use "match" or "match_urlpattern"`);
}

function checkMatcher(match: string): void {
  const bytes = new TextEncoder().encode(match).byteLength;
  if (bytes > MAX_SELECTOR_BYTES || /\p{Cc}/u.test(match)) throw new TypeError();
}

function missing(protocol: Settings['protocol']): Refusal {
  if (protocol === '0.x') return new Refusal(400, 'Missing "topic" parameter.');
  return new Refusal(400, 'missing "match" subscription parameter');
}

/** The header beats the query. In 1.0 an empty cursor is one that no hub knows; in 0.x it is none. */
function readCursor(
  parameters: URLSearchParams,
  request: HubRequest,
  protocol: Settings['protocol'],
): string | undefined {
  const [older, newer] = CURSOR_PARAMETERS.map((name) => parameters.get(name));
  const header = request.header('Last-Event-ID');
  const asked = [
    header,
    protocol === '1.0' ? null : older || null,
    protocol === '0.x' ? null : newer,
  ].filter((cursor) => cursor != null);
  if (header) return decodeUtf8(header);
  return asked.find((cursor) => cursor !== '') ?? (protocol === '0.x' ? undefined : asked[0]);
}

/** Browsers send the id's UTF-8; a header is read byte by byte. */
function decodeUtf8(header: string): string {
  const bytes = Uint8Array.from(header, (char) => char.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}

/** How a subscription that asked for a cursor goes on. */
export interface Resumption {
  cursor: string;
  /** Whether the history has what follows the cursor. */
  isKnown: boolean;
  /** The cursor behind everything the history has. */
  lastId: string;
}

/**
 * The headers of a stream. Both versions repeat a cursor that is known. Where it is not, 0.x names
 * the end of its history and 1.0 says `earliest`; nothing is replayed. A subscription that asked for
 * no cursor gets none.
 */
export function streamHeaders(
  { fields }: Settings,
  isOlder: boolean,
  resumption: Resumption | undefined,
): Answer['headers'] {
  const headers: Answer['headers'] = {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'private, no-cache, no-store, must-revalidate, max-age=0, no-transform',
    'X-Accel-Buffering': 'no',
  };
  if (fields.length > 0) headers[FIELDS_HEADER] = fields.join(', ');
  if (!resumption) return headers;
  const { cursor, isKnown, lastId } = resumption;
  const [newer, older] = CURSOR_HEADERS;
  const resumedFrom = isKnown ? cursor : isOlder ? lastId : EARLIEST;
  if (isHeaderValue(resumedFrom)) headers[isOlder ? older : newer] = resumedFrom;
  return headers;
}
