'use client';

import { useEffect, useState } from 'react';
import { watchPeerStats, type PeerStats } from '../../call/index.js';
import type { CallView } from './CallView.js';

const UNKNOWN: PeerStats = { roundTrip: undefined, loss: undefined, quality: undefined };

/**
 * How good the connection to a peer is. Measures every two seconds, and only while it is mounted.
 *
 * @param call What `useCall` returns.
 * @param peerId The `id` of one of its peers.
 *
 * @example
 * ```tsx
 * const { quality } = usePeerStats(call, peer.id);
 * ```
 */
export function usePeerStats({ connection }: CallView, peerId: string): PeerStats {
  const [last, setLast] = useState({ peerId, stats: UNKNOWN });
  useEffect(
    () =>
      watchPeerStats(
        () => connection(peerId),
        (stats) => setLast({ peerId, stats }),
      ),
    [connection, peerId],
  );
  return last.peerId === peerId ? last.stats : UNKNOWN;
}
