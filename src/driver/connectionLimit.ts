import { SignalingError } from './SignalingError.js';

/** Whether one more stream would block publishing: browsers speak HTTP/2 only over TLS. */
export function limitsConnections({ protocol, origin }: URL): boolean {
  if (!('document' in globalThis) && !('WorkerGlobalScope' in globalThis)) return false;
  if (protocol === 'http:') return true;
  const entries = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
  return entries.some(
    ({ name, nextHopProtocol }) => name.startsWith(`${origin}/`) && nextHopProtocol === 'http/1.1',
  );
}

export function tooManyStreams(): SignalingError {
  return new SignalingError(
    'connections',
    `Over HTTP/1.1 a page has six connections to a hub. Five topics are open; others wait until one of them closes, and publishing goes on. Serve the hub over HTTP/2 (https), use one that names topics, or set \`multiplex: 'always'\`.`,
  );
}
