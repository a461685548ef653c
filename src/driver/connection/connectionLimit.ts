import { readUrl, type SseDriverOptions } from '../options.js';
import { SignalingError } from '../SignalingError.js';

/** Of the six connections that a browser opens to a hub over HTTP/1.1, one is left to publish. */
const HTTP1_STREAMS = 5;

/** Every HTTP/2 server takes this many streams beside a publish (RFC 9113 §6.5.2). */
export const HTTP2_STREAMS = 99;

/** Whether something limits how many streams are open to a hub. */
export function isInBrowser(): boolean {
  return 'document' in globalThis || 'WorkerGlobalScope' in globalThis;
}

/** How many streams may be open over HTTP/1.1; `undefined` where the hub is asked over another one. */
export function http1Streams(options: SseDriverOptions): number | undefined {
  return isInBrowser() && isHttp1(options) ? HTTP1_STREAMS : undefined;
}

export function tooManyStreams(limit: number): SignalingError {
  return new SignalingError(
    'connections',
    `All ${limit} streams that a browser opens to this hub beside a publish are in use, and further topics wait. Serve it over HTTP/2 (https), use one that names topics, or put topics into one subscription.`,
  );
}

/** Browsers speak HTTP/2 only over TLS; what they spoke shows in the timing of past requests. */
function isHttp1(options: SseDriverOptions): boolean {
  let url: URL;
  try {
    url = readUrl(options);
  } catch {
    // The stream reports it.
    return false;
  }
  if (url.protocol === 'http:') return true;
  const entries = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
  return entries.some(
    ({ name, nextHopProtocol }) =>
      name.startsWith(`${url.origin}/`) && nextHopProtocol === 'http/1.1',
  );
}
