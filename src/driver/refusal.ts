import { HUB_PATH } from '../mercure/index.js';
import { SignalingError, type SignalingErrorCode } from './SignalingError.js';

/** Explains an answer that trying again will not change. */
export function refusal(response: Response, verb: 'subscribe' | 'publish'): SignalingError {
  const { status } = response;
  const [code, advice] = explain(response, verb);
  return new SignalingError(code, `The hub answered ${status} to a ${verb}. ${advice}`, { status });
}

function explain({ status, headers }: Response, verb: string): [SignalingErrorCode, string] {
  const hubAdvice = `Check that \`url\` is a Mercure hub, such as https://example.com${HUB_PATH}.`;
  if (status < 400) {
    const type = headers.get('Content-Type') ?? 'none';
    return ['not-a-hub', `A hub answers with 200 and an event stream; this is ${type}. ${hubAdvice}`];
  }
  if (status === 401 || status === 403) {
    const option = verb === 'publish' ? 'publisher' : 'subscriber';
    return [
      'unauthorized',
      `Give \`${option}\` a token that covers the topic, or a function that fetches a fresh one.`,
    ];
  }
  if (status === 404 || status === 405) return ['not-a-hub', hubAdvice];
  if (status === 413) return ['rejected', 'This is too large for it: send less, or raise its limit.'];
  return ['rejected', 'It will not take this request: check the topic and the limits of the hub.'];
}
