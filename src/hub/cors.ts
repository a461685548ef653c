import { CURSOR_HEADERS, FIELDS_HEADER } from '../mercure/index.js';
import type { Answer, HubRequest } from './exchange.js';
import { isLoopback } from './loopback.js';
import type { Settings } from './options.js';

/** What a hub that is open to all answers to requests from elsewhere. */
export const LOOPBACK_ONLY =
  'This hub is open to all, so it serves this machine only. Give it keys (publisherJwt, subscriberJwt) to be reached from elsewhere.';

/** Headers in which a proxy names its client and the host that was asked for. */
const FORWARDED_HEADERS = ['X-Forwarded-For', 'X-Forwarded-Host', 'X-Real-IP'];

const EXPOSED_HEADERS = [...CURSOR_HEADERS, FIELDS_HEADER, 'Link'].join(', ');

/** Whether a request comes from this machine, and not from a page of another site. */
export function staysOnMachine(request: HubRequest, { corsOrigins }: Settings): boolean {
  const origin = request.header('Origin');
  return (
    isLoopback(request.url.hostname) &&
    (!origin || isLoopbackOrigin(origin) || corsOrigins.includes(origin)) &&
    request.header('Forwarded') === undefined &&
    FORWARDED_HEADERS.every((name) => (request.header(name) ?? '').split(',').every(isNotElsewhere))
  );
}

/** Whether a forwarded address is this machine's: a tunnel connects from here, and names its client. */
function isNotElsewhere(forwarded: string): boolean {
  const host = forwarded.trim().replace(/(?<=[\]\w]):\d+$/, '');
  return host === '' || isLoopback(forwarded.trim()) || isLoopback(host);
}

/** Adds the headers that let pages of allowed origins read the response ([Fetch, CORS protocol](https://fetch.spec.whatwg.org/#http-cors-protocol)). */
export function allowOrigin(
  headers: Answer['headers'],
  request: HubRequest,
  settings: Settings,
): void {
  headers['Vary'] = 'Origin';
  const { corsOrigins, openToAll } = settings;
  const origin = request.header('Origin');
  if (!origin) return;
  if (corsOrigins.includes(origin) || (openToAll && isLoopbackOrigin(origin))) {
    headers['Access-Control-Allow-Origin'] = origin;
    headers['Access-Control-Allow-Credentials'] = 'true';
  } else if (corsOrigins.includes('*')) {
    headers['Access-Control-Allow-Origin'] = '*';
  } else return;
  headers['Access-Control-Expose-Headers'] = EXPOSED_HEADERS;
}

/** Whether a browser asks ahead of another request ([Fetch, CORS-preflight](https://fetch.spec.whatwg.org/#cors-preflight-request)). */
export function isPreflight(request: HubRequest): boolean {
  return (
    request.method === 'OPTIONS' && request.header('Access-Control-Request-Method') !== undefined
  );
}

/** Answers the request a browser sends ahead of another one. */
export function preflight(): Answer {
  return {
    status: 204,
    headers: {
      'Access-Control-Allow-Methods': 'GET, POST, QUERY, OPTIONS',
      'Access-Control-Allow-Headers': 'authorization, cache-control, last-event-id, content-type',
      'Access-Control-Max-Age': '600',
    },
    body: '',
  };
}

function isLoopbackOrigin(origin: string): boolean {
  return URL.canParse(origin) && isLoopback(new URL(origin).hostname);
}
