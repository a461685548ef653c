/** Of the six connections a browser opens to an origin over HTTP/1.1, one is left to publish. */
const HTTP1_STREAMS = 5;

/** How many streams may be open at once: browsers speak HTTP/2 only over TLS, and Node has no limit. */
export function streamsAllowed({ protocol, origin }: URL): number {
  if (!('document' in globalThis) && !('WorkerGlobalScope' in globalThis)) return Infinity;
  if (protocol === 'http:') return HTTP1_STREAMS;
  const entries = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
  const http1 = entries.some(
    ({ name, nextHopProtocol }) => name.startsWith(`${origin}/`) && nextHopProtocol === 'http/1.1',
  );
  return http1 ? HTTP1_STREAMS : Infinity;
}
