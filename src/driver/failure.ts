import { HUB_PATH } from '../mercure/index.js';
import { SignalingError, type SignalingErrorCode } from './SignalingError.js';

/** What an answer means that is no success. */
export function explain(response: Response, verb: 'subscribe' | 'publish'): SignalingError {
  const { status, headers } = response;
  void response.body?.cancel();
  const [code, advice] = classify(response, verb);
  const message = `The hub answered ${status} to a ${verb}. ${advice}`;
  return new SignalingError(code, message, {
    status,
    retryAfter: readRetryAfter(headers.get('Retry-After')),
  });
}

function classify({ status, headers }: Response, verb: string): [SignalingErrorCode, string] {
  const hubAdvice = `Check that \`url\` is a Mercure hub, such as https://example.com${HUB_PATH}.`;
  if (status < 400) {
    const type = headers.get('Content-Type') ?? 'none';
    return [
      'not-a-hub',
      `A hub answers with 200 and an event stream; this is ${type}. ${hubAdvice}`,
    ];
  }
  if (status === 401 || status === 403) {
    const option = verb === 'publish' ? 'publisher' : 'subscriber';
    return [
      'unauthorized',
      `Give \`${option}\` a token that covers the topic, or a function that fetches a fresh one.`,
    ];
  }
  if (status === 404 || status === 405) return ['not-a-hub', hubAdvice];
  if (status === 413)
    return ['rejected', 'This is too large for it: send less, or raise its limit.'];
  const passes = (status >= 500 && status !== 501) || [408, 425, 429].includes(status);
  if (passes) return ['unreachable', 'It is tried again.'];
  return ['rejected', 'It will not take this request: check the topic and the limits of the hub.'];
}

/** [RFC 9110 §10.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3), in ms. */
function readRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  return Math.max(0, Number(value) * 1000 || Date.parse(value) - Date.now() || 0);
}
