import { CURSOR_HEADERS, CURSOR_PARAMETERS, FIELDS_HEADER } from '../mercure/index.js';
import type { Settings } from './options.js';
import { Refusal } from './Refusal.js';
import { createSelector, type Selector, type SelectorType } from './selectors.js';

/** What a subscriber asks for. */
export interface SubscriptionRequest {
  selectors: Selector[];
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

/**
 * Reads the parameters of a subscription (Mercure, "Subscription"). What is relative in them is
 * relative to `base`, the hub's URL.
 *
 * @throws a {@link Refusal} with 400 where one is missing or wrong.
 */
export function readSubscription(
  parameters: URLSearchParams,
  headers: Headers,
  { base, protocol, maxTopics }: Settings & { base: string },
): SubscriptionRequest {
  const asked = [...parameters].flatMap(([name, match]) => {
    const type = selectorType(name, protocol);
    return type ? [{ type, match }] : [];
  });
  if (asked.length === 0) throw missing(protocol);
  if (asked.length > maxTopics) throw new Refusal(400, `Too many selectors (at most ${maxTopics})`);
  const selectors = asked.map(({ type, match }) => {
    try {
      if (type !== 'topic') checkMatcher(match);
      return createSelector(type, match, base);
    } catch {
      throw new Refusal(400, 'invalid topic matcher pattern');
    }
  });
  return { selectors, cursor: readCursor(parameters, headers, protocol) };
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
  if (match === '' || bytes > MAX_SELECTOR_BYTES || /\p{Cc}/u.test(match)) throw new TypeError();
}

function missing(protocol: Settings['protocol']): Refusal {
  if (protocol === '0.x') return new Refusal(400, 'Missing "topic" parameter.');
  return new Refusal(400, 'missing "match" subscription parameter');
}

/** The header beats the query. */
function readCursor(
  parameters: URLSearchParams,
  headers: Headers,
  protocol: Settings['protocol'],
): string | undefined {
  const header = headers.get('Last-Event-ID');
  if (header) return decodeUtf8(header);
  const [older, newer] = CURSOR_PARAMETERS.map((name) => parameters.get(name) || undefined);
  if (protocol === 'both') return older ?? newer;
  return protocol === '0.x' ? older : newer;
}

/** Browsers send the id's UTF-8; a header is read byte by byte. */
function decodeUtf8(header: string): string {
  const bytes = Uint8Array.from(header, (char) => char.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}

/** The headers of a stream that goes on from `resumedFrom`, where `cursor` was asked for. */
export function streamHeaders(
  { protocol, topics }: Settings,
  cursor: string | undefined,
  resumedFrom: string,
): Headers {
  const headers = new Headers({
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'private, no-cache, no-store, must-revalidate, max-age=0',
    'X-Accel-Buffering': 'no',
  });
  if (topics) headers.set(FIELDS_HEADER, 'topics');
  // An id can be any text, a header cannot: none is better than a wrong one.
  if (/^[!-~]([ -~]*[!-~])?$/.test(resumedFrom)) {
    const [newer, older] = CURSOR_HEADERS;
    if (protocol !== '0.x') headers.set(newer, resumedFrom);
    if (protocol !== '1.0' && cursor !== undefined) headers.set(older, resumedFrom);
  }
  return headers;
}
