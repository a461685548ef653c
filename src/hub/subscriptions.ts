import { HUB_PATH } from '../mercure/index.js';
import type { Answer } from './exchange.js';
import type { Grants } from './grants.js';
import { isHeaderValue } from './headerValue.js';
import type { Settings } from './options.js';
import { Refusal } from './Refusal.js';
import { isOlder, type Selector } from './selectors.js';

/** Where the presence API stands (Mercure, "Active Subscriptions"). */
const SUBSCRIPTIONS_PATH = `${HUB_PATH}/subscriptions`;

/** Whether a path is the hub's, or that of its presence API. */
export function isHubPath(path: string): boolean {
  return (
    path === HUB_PATH || path === SUBSCRIPTIONS_PATH || path.startsWith(`${SUBSCRIPTIONS_PATH}/`)
  );
}

/**
 * Checks that a version has such a path: `/{topic}/{subscriber}` (0.x) or
 * `/{match_type}/{match}/{subscriber}` (1.0), of which the last parts may be left out.
 *
 * @throws a {@link Refusal} with 404, or with 400 for a type of matchers that does not exist.
 */
export function checkPath(path: string, protocol: Settings['protocol']): void {
  const segments = path.slice(SUBSCRIPTIONS_PATH.length).split('/').slice(1);
  const isOlder = protocol !== '1.0' && segments.length <= 2;
  const isNewer = protocol !== '0.x' && segments.length <= 3 && segments.length !== 1;
  if (segments.includes('') || !(isOlder || isNewer)) throw new Refusal(404, 'Not Found');
  if (segments.length > 0 && !isOlder && !/^(exact|urlpattern)$/.test(segments[0]!)) {
    throw new Refusal(400, 'unknown matcher type');
  }
}

/** Whether a path is that of one subscription. */
function namesSubscriber(path: string, protocol: Settings['protocol']): boolean {
  const segments = path.slice(SUBSCRIPTIONS_PATH.length).split('/').slice(1);
  const [first, , third] = segments;
  if (protocol === '0.x') return segments.length === 2;
  if (protocol === '1.0' || third) return third !== undefined;
  return segments.length === 2 && first !== 'exact' && first !== 'urlpattern';
}

/** The id of the subscriber that the topic of an announcement names. */
export function subscriberOf(topic: string): string | undefined {
  if (!topic.startsWith(`${SUBSCRIPTIONS_PATH}/`)) return undefined;
  return decodeURIComponent(topic.slice(topic.lastIndexOf('/') + 1));
}

const CONTEXT = { '@context': 'https://mercure.rocks/' };

/** What announcements and the presence API say of a subscription, in the form of its version. */
export type Subscription = ReturnType<typeof describe>;

/** Describes one selector of a subscriber. */
export function describe(
  subscriber: { readonly id: string; readonly grants: Grants | undefined },
  selector: Selector,
  active: boolean,
) {
  const older = isOlder(selector);
  const path = older ? [selector.match] : [selector.type, selector.match];
  const id = [SUBSCRIPTIONS_PATH, ...[...path, subscriber.id].map(encodeURIComponent)].join('/');
  const payload = subscriber.grants?.payload(selector);
  return {
    ...(older && CONTEXT),
    id,
    type: older ? 'Subscription' : 'subscription',
    ...(older ? { topic: selector.match } : { match: selector.match, match_type: selector.type }),
    subscriber: subscriber.id,
    active,
    ...(payload !== undefined && { payload }),
  };
}

/**
 * Answers the presence API: all subscriptions, those of one selector, or one of them. The cursor
 * behind which announcements go on from there is in the document (0.x) or in a `Link` (1.0).
 *
 * @throws a {@link Refusal} with 404 where there is no such subscription.
 */
export function listSubscriptions(
  path: string,
  subscriptions: readonly Subscription[],
  { protocol, lastId }: { protocol: Settings['protocol']; lastId: string },
): Answer {
  const isModern = protocol === '1.0';
  const cursor = isModern ? {} : { lastEventID: lastId };
  const found = subscriptions.filter(({ id }) => id === path || id.startsWith(`${path}/`));
  const single = found.find(({ id }) => id === path);
  if (!single && namesSubscriber(path, protocol)) throw new Refusal(404, 'Not Found');
  const document = single
    ? { ...single, ...cursor }
    : {
        ...(!isModern && CONTEXT),
        id: path,
        type: isModern ? 'subscriptions' : 'Subscriptions',
        ...cursor,
        subscriptions: found,
      };
  const headers: Answer['headers'] = {
    'Content-Type': isModern ? 'application/json' : 'application/ld+json',
    'Cache-Control': 'private, no-cache',
  };
  if (protocol !== '0.x' && isHeaderValue(lastId)) headers['Link'] = linkBehind(lastId);
  return { status: 200, headers, body: JSON.stringify(document, null, 2) };
}

/** Names the hub and the cursor ([RFC 8288 §3](https://www.rfc-editor.org/rfc/rfc8288#section-3)). */
function linkBehind(id: string): string {
  const quoted = id.replace(/["\\]/g, '\\$&');
  return `<${HUB_PATH}>; rel="mercure"; last-event-id="${quoted}"; type="mercure"; content-type="application/json"`;
}
