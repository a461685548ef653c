import { HUB_PATH } from '../mercure/index.js';
import type { Settings } from './options.js';
import { Refusal } from './Refusal.js';
import type { Selector } from './selectors.js';
import type { Subscriber } from './Subscriber.js';

/** Where the presence API stands (Mercure, "Active Subscriptions"). */
const SUBSCRIPTIONS_PATH = `${HUB_PATH}/subscriptions`;

/** Whether a path is the hub's, or that of its presence API. */
export function isHubPath(path: string): boolean {
  return (
    path === HUB_PATH || path === SUBSCRIPTIONS_PATH || path.startsWith(`${SUBSCRIPTIONS_PATH}/`)
  );
}

const CONTEXT = { '@context': 'https://mercure.rocks/' };

/** A subscription as presence tells of it, in the shape of the version it was made with. */
export function describe(subscriber: Subscriber, selector: Selector, active: boolean) {
  const older = selector.type === 'topic';
  const path = older ? [selector.match] : [selector.type, selector.match];
  const id = [SUBSCRIPTIONS_PATH, ...[...path, subscriber.id].map(encodeURIComponent)].join('/');
  const payload = subscriber.grants?.payload(selector);
  return {
    ...(older && CONTEXT),
    id,
    type: 'Subscription',
    ...(older ? { topic: selector.match } : { match: selector.match, match_type: selector.type }),
    subscriber: subscriber.id,
    active,
    ...(payload !== undefined && { payload }),
  };
}

/**
 * Answers the presence API: all subscriptions, those of one selector, or one of them.
 *
 * @throws a {@link Refusal} with 404 where there is no such subscription.
 */
export function listSubscriptions(
  path: string,
  subscribers: Iterable<Subscriber>,
  { protocol, lastId }: { protocol: Settings['protocol']; lastId: string },
): Response {
  const lastEventId = {
    ...(protocol !== '1.0' && { lastEventID: lastId }),
    ...(protocol !== '0.x' && { last_event_id: lastId }),
  };
  const context = protocol === '1.0' ? {} : CONTEXT;
  const found = [...subscribers]
    .flatMap((subscriber) =>
      subscriber.selected.selectors.map((selector) => describe(subscriber, selector, true)),
    )
    .filter(({ id }) => id === path || id.startsWith(`${path}/`));
  const single = found.find(({ id }) => id === path);
  if (!single && path.includes('/urn%3Auuid%3A')) throw new Refusal(404, 'Not Found');
  const document = single
    ? { ...single, ...lastEventId }
    : { ...context, id: path, type: 'Subscriptions', ...lastEventId, subscriptions: found };
  return new Response(JSON.stringify(document, null, 2), {
    headers: {
      'Content-Type': protocol === '1.0' ? 'application/json' : 'application/ld+json',
      'Cache-Control': 'private, no-cache',
    },
  });
}
