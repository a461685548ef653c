/** How good the connection to one peer is. */
export interface PeerStats {
  /** To the peer and back, in ms; `undefined` until it is known. */
  readonly roundTrip: number | undefined;
  /** What part of the packets was lost lately on the way here, from 0 to 1; `undefined` until it is known. */
  readonly loss: number | undefined;
  /**
   * - `good`: people notice nothing.
   * - `fair`: more than 250 ms, or 3 % lost.
   * - `poor`: more than 500 ms, or 8 % lost.
   */
  readonly quality: 'good' | 'fair' | 'poor' | undefined;
}

interface Packets {
  readonly received: number;
  readonly lost: number;
}

/**
 * Measures the connection to a peer until the function it returns is called.
 *
 * @param connection Returns the one of now: a peer that was away may have another one later.
 * @param interval How often, in ms. Default: 2,000.
 *
 * @example
 * ```ts
 * const stop = watchPeerStats(() => call.connection(peer.id), ({ quality }) => show(quality));
 * ```
 */
export function watchPeerStats(
  connection: () => RTCPeerConnection | undefined,
  onStats: (stats: PeerStats) => void,
  interval = 2_000,
): () => void {
  let stopped = false;
  let before: Packets = { received: 0, lost: 0 };
  const measure = async (): Promise<void> => {
    const report = await connection()?.getStats();
    if (!report || stopped) return;
    const entries = [...report.values()] as Entry[];
    const now = countPackets(entries);
    const loss = lossBetween(before, now);
    before = now;
    const roundTrip = roundTripOf(entries);
    onStats({ roundTrip, loss, quality: qualityOf(roundTrip, loss) });
  };
  const timer = setInterval(() => void measure(), interval);
  void measure();
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}

/** What is read of an entry (Identifiers for WebRTC's Statistics API). */
interface Entry {
  readonly type: string;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly nominated?: boolean;
  readonly state?: string;
  /** In seconds. */
  readonly currentRoundTripTime?: number;
}

function countPackets(entries: readonly Entry[]): Packets {
  const inbound = entries.filter(({ type }) => type === 'inbound-rtp');
  const sum = (count: (entry: Entry) => number | undefined): number =>
    inbound.reduce((total, entry) => total + (count(entry) ?? 0), 0);
  return {
    received: sum((entry) => entry.packetsReceived),
    lost: sum((entry) => entry.packetsLost),
  };
}

function lossBetween(before: Packets, now: Packets): number | undefined {
  const received = now.received - before.received;
  const lost = Math.max(0, now.lost - before.lost);
  // Nothing was sent, or it is another connection.
  return received > 0 ? lost / (received + lost) : undefined;
}

function roundTripOf(entries: readonly Entry[]): number | undefined {
  const path = entries.find(
    ({ type, nominated, state }) => type === 'candidate-pair' && nominated && state === 'succeeded',
  );
  return path?.currentRoundTripTime === undefined
    ? undefined
    : Math.round(path.currentRoundTripTime * 1_000);
}

function qualityOf(roundTrip: number | undefined, loss = 0): PeerStats['quality'] {
  if (roundTrip === undefined) return undefined;
  if (roundTrip > 500 || loss > 0.08) return 'poor';
  return roundTrip > 250 || loss > 0.03 ? 'fair' : 'good';
}
