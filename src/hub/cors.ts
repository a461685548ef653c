import { CURSOR_HEADERS, FIELDS_HEADER } from '../mercure/index.js';
import { isLoopback } from './loopback.js';
import type { Settings } from './options.js';

/** What a hub that is open to all answers to strangers. */
export const LOOPBACK_ONLY =
  'This hub is open to all, so it serves this machine only. Give it keys (publisherJwt, subscriberJwt) to be reached from elsewhere.';

/** Whether a request comes to this machine, and from no page of elsewhere. */
export function staysOnMachine(request: Request, { corsOrigins }: Settings): boolean {
  const origin = request.headers.get('Origin');
  return (
    isLoopback(new URL(request.url).hostname) &&
    (!origin || isLoopbackOrigin(origin) || corsOrigins.includes(origin))
  );
}

/** Adds what lets pages of allowed origins read the response ([Fetch, CORS protocol](https://fetch.spec.whatwg.org/#http-cors-protocol)). */
export function allowOrigin(headers: Headers, request: Request, settings: Settings): void {
  headers.append('Vary', 'Origin');
  const { corsOrigins, openToAll } = settings;
  const origin = request.headers.get('Origin');
  if (!origin) return;
  if (corsOrigins.includes(origin) || (openToAll && isLoopbackOrigin(origin))) {
    headers.set('Access-Control-Allow-Origin', origin);
    headers.set('Access-Control-Allow-Credentials', 'true');
  } else if (corsOrigins.includes('*')) {
    headers.set('Access-Control-Allow-Origin', '*');
  } else return;
  headers.set('Access-Control-Expose-Headers', [...CURSOR_HEADERS, FIELDS_HEADER].join(', '));
}

/** Answers the request a browser sends ahead of another one. */
export function preflight(): Response {
  return new Response(null, {
    status: 204,
    headers: {
      'Access-Control-Allow-Methods': 'GET, POST, QUERY, OPTIONS',
      'Access-Control-Allow-Headers': 'authorization, cache-control, last-event-id, content-type',
      'Access-Control-Max-Age': '600',
    },
  });
}

function isLoopbackOrigin(origin: string): boolean {
  return URL.canParse(origin) && isLoopback(new URL(origin).hostname);
}
