/** Where a hub stands on its origin (Mercure, "Discovery"). */
export const HUB_PATH = '/.well-known/mercure';

/** The two generations of the protocol: hubs up to 0.24, and 1.0. */
export type ProtocolVersion = '0.x' | '1.0';

/** The query parameter that selects one topic exactly. */
export const TOPIC_PARAMETER = { '0.x': 'topic', '1.0': 'match' } as const;

/** The query parameters that carry the cursor. Each version ignores the other's. */
export const CURSOR_PARAMETERS = ['lastEventID', 'last_event_id'] as const;

/** The response headers in which a hub names the cursor it resumed from. */
export const CURSOR_HEADERS = ['Mercure-Last-Event-ID', 'Last-Event-ID'] as const;

/**
 * The response header in which a hub says which fields its events carry beyond WHATWG's own.
 * `Event-Stream-Fields: topics` promises that every update names its topics, so that many topics
 * can share one stream from the start. (This project's; Mercure's proposal #1380 sends the field
 * without announcing it.)
 */
export const FIELDS_HEADER = 'Event-Stream-Fields';

/** The parameters of a subscription to `topics` that resumes behind `cursor`. */
export function encodeSubscription(
  version: ProtocolVersion,
  topics: Iterable<string>,
  cursor?: string,
): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const topic of topics) parameters.append(TOPIC_PARAMETER[version], topic);
  if (cursor !== undefined) for (const name of CURSOR_PARAMETERS) parameters.set(name, cursor);
  return parameters;
}
