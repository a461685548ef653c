import type { JWTPayload } from 'jose';
import { SelectorSet, type Selector } from './selectors.js';

/** What a valid token allows. */
export interface Grants {
  readonly token: string;
  /** In ms since the epoch; `undefined` for ever. */
  readonly expiresAt: number | undefined;
  /** `undefined` where it allows no publishing at all. */
  readonly publish: SelectorSet | undefined;
  /** Which private updates it lets through. */
  readonly subscribe: SelectorSet;
  /** What presence tells about a subscription. */
  payload(subscription: Selector): unknown;
}

/** An entry of `authorization_details` ([RFC 9396](https://www.rfc-editor.org/rfc/rfc9396)). */
interface Detail {
  publishes: boolean;
  subscribes: boolean;
  selected: SelectorSet;
  payload: unknown;
}

const DETAIL_TYPES: unknown[] = ['https://mercure.rocks/authorization-detail', 'mercure'];
const MATCH_TYPES: Record<string, Selector['type']> = {
  exact: 'exact',
  urlpattern: 'urlpattern',
  Exact: 'exact',
  URLPattern: 'urlpattern',
};
const MAX_CLAIM_SELECTORS = 1000;
const MAX_DETAIL_SELECTORS = 100;

/**
 * Reads what a token allows: `authorization_details` (1.0), else the claim `mercure` (0.x).
 *
 * @throws a `TypeError` where one entry is not valid: then the whole token is not.
 */
export function readGrants(
  payload: JWTPayload,
  { token, base, modern }: { token: string; base: string; modern: boolean },
): Grants {
  const expiresAt = payload.exp === undefined ? undefined : payload.exp * 1000;
  const rights = modern
    ? readDetails(payload.authorization_details ?? [], base)
    : readClaim(payload, base);
  return { token, expiresAt, ...rights };
}

function readClaim(payload: JWTPayload, base: string) {
  const claim = payload['https://mercure.rocks/'] ?? payload.mercure ?? {};
  if (!isObject(claim)) throw new TypeError('The claim "mercure" is no object.');
  const select = (topics: unknown): SelectorSet => {
    if (!Array.isArray(topics) || topics.length > MAX_CLAIM_SELECTORS)
      throw new TypeError('topics');
    return new SelectorSet(
      topics.map((topic) => ({ type: 'topic', match: string(topic) })),
      base,
    );
  };
  return {
    publish: claim.publish == null ? undefined : select(claim.publish),
    subscribe: select(claim.subscribe ?? []),
    payload: () => claim.payload,
  };
}

function readDetails(claim: unknown, base: string) {
  if (!Array.isArray(claim)) throw new TypeError('"authorization_details" is no array.');
  const entries = claim.filter((entry) => isObject(entry) && DETAIL_TYPES.includes(entry.type));
  const size = entries.reduce((sum, { topics }) => sum + [topics].flat().length, 0);
  if (size > MAX_DETAIL_SELECTORS) throw new TypeError('"authorization_details" lists too much.');
  const details = entries.map((entry) => readDetail(entry, base));
  const publish = details.filter(({ publishes }) => publishes);
  const subscribe = details.filter(({ subscribes }) => subscribes);
  const all = (some: Detail[]) =>
    new SelectorSet(
      some.flatMap(({ selected }) => [...selected]),
      base,
    );
  return {
    publish: publish.length > 0 ? all(publish) : undefined,
    subscribe: all(subscribe),
    payload: ({ match }: Selector) =>
      subscribe.find(({ selected }) => selected.has(match))?.payload,
  };
}

function readDetail({ actions, topics, payload }: Record<string, unknown>, base: string): Detail {
  if (!isFilled(actions) || !actions.every((each) => each === 'publish' || each === 'subscribe')) {
    throw new TypeError('"actions" must name "publish", "subscribe" or both.');
  }
  if (!isFilled(topics)) {
    throw new TypeError('"topics" must list what the actions are for.');
  }
  return {
    publishes: actions.includes('publish'),
    subscribes: actions.includes('subscribe'),
    selected: new SelectorSet(topics.map(readMatcher), base),
    payload,
  };
}

function readMatcher(matcher: unknown): Selector {
  if (!isObject(matcher) || matcher.match === '') throw new TypeError('A matcher needs "match".');
  const type = MATCH_TYPES[string(matcher.match_type ?? matcher.matchType ?? 'exact')];
  if (!type) throw new TypeError('"match_type" must be "exact" or "urlpattern".');
  return { type, match: string(matcher.match) };
}

function string(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('A selector is a string.');
  return value;
}

function isFilled(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length > 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
