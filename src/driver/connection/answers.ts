import { HUB_PATH } from '../../mercure/index.js';
import { SignalingError, type SignalingErrorCode } from '../SignalingError.js';

export type Verb = 'subscribe' | 'publish';

/** The longest `Retry-After` that is honoured, in ms: an hour. */
const MAX_RETRY_AFTER = 3_600_000;
/** The longest id that is taken from the answer to a publish, in characters. */
const MAX_ID_LENGTH = 4_096;

/** What an answer means that is no success. */
export function toError(response: Response, verb: Verb): SignalingError {
  const { status, headers, type } = response;
  void response.body?.cancel().catch(() => {});
  const [code, advice] = classify(response, verb);
  // A browser hides the status of a redirect that it does not follow.
  const answer = type === 'opaqueredirect' ? 'with a redirect' : String(status);
  return new SignalingError(code, `The hub answered ${answer} to a ${verb}. ${advice}`, {
    status: status || undefined,
    retryAfter: readRetryAfter(headers.get('Retry-After')),
  });
}

/** Whether fresh credentials may help. 1.0 answers 400 to a bearer that is no token (RFC 6750). */
export function isAboutCredentials({ status, headers }: Response): boolean {
  if (status === 401 || status === 403) return true;
  return status === 400 && /^Bearer\b/i.test(headers.get('WWW-Authenticate') ?? '');
}

/** Whether a publish was answered by a page, such as that of a login. */
export function isPage({ headers }: Response): boolean {
  return /\bhtml\b/i.test(headers.get('Content-Type') ?? '');
}

/** The id in the answer to a publish; `''` where that can be none. */
export async function readUpdateId(response: Response): Promise<string> {
  const type = response.headers.get('Content-Type') ?? 'text/plain';
  const body = await response.text();
  const isId =
    type.startsWith('text/plain') && body.length <= MAX_ID_LENGTH && !/\p{Cc}/u.test(body);
  return isId ? body : '';
}

/** The compression of an event stream, which a proxy has added; `undefined` for none. */
export function readCoding(headers: Headers): string | undefined {
  const coding = headers.get('Content-Encoding')?.trim().toLowerCase();
  // Some servers send `none`, to keep a proxy from compressing.
  return coding === 'identity' || coding === 'none' || coding === '' ? undefined : coding;
}

function classify(response: Response, verb: Verb): [SignalingErrorCode, string] {
  const { status, headers } = response;
  const check = `Check that \`url\` is a Mercure hub, such as https://example.com${HUB_PATH}.`;
  if (isAboutCredentials(response)) {
    const option = verb === 'publish' ? 'publisher' : 'subscriber';
    return [
      'unauthorized',
      `Give \`${option}\` a token that covers the topic, or a function that fetches a fresh one.`,
    ];
  }
  if (status < 300) {
    const type = headers.get('Content-Type') ?? 'no content type';
    const expected = verb === 'publish' ? 'the id of the update' : '200 and an event stream';
    return ['not-a-hub', `A hub answers with ${expected}; this is ${type}. ${check}`];
  }
  if (status < 400) return ['not-a-hub', `A hub does not redirect; a login page may. ${check}`];
  if (status === 404 || status === 405) return ['not-a-hub', check];
  if (status === 413) {
    return ['rejected', 'This is too large for it: send less, or raise its limit.'];
  }
  const passes = (status >= 500 && status !== 501) || [408, 425, 429].includes(status);
  if (passes) return ['unreachable', 'It is tried again.'];
  return ['rejected', 'It will not take this request: check the topic and the limits of the hub.'];
}

/** [RFC 9110 §10.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3), in ms. */
function readRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  const asked = Number(value) * 1000 || Date.parse(value) - Date.now() || 0;
  return Math.min(Math.max(0, asked), MAX_RETRY_AFTER);
}
