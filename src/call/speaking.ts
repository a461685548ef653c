/** How often is looked, in ms. */
const INTERVAL = 200;
/** How long somebody still counts as speaking between two words, in ms. */
const HOLD = 700;
/** How loud speech is at least, on the scale of RFC 6464 as WebRTC gives it, from 0 to 1. */
const LOUD = 0.02;

/** What is looked at: who is there, and the connection to each. */
export interface Speakers {
  /** One's own id; without it one's own voice is not looked at. */
  readonly id?: string | undefined;
  /** Who is there. */
  readonly peers: readonly {
    /** As in `Peer`. */
    readonly id: string;
  }[];
  /** The connection to a peer; `undefined` where there is none. */
  readonly connection: (peerId: string) => RTCPeerConnection | undefined;
}

/**
 * Calls `onChange` with the ids of those who speak now, oneself among them, at each change, until the function it
 * returns is called.
 *
 * @example
 * ```ts
 * const stop = watchSpeaking(
 *   () => ({ ...call.state, connection: (id) => call.connection(id) }),
 *   (speaking) => show(speaking),
 * );
 * ```
 */
export function watchSpeaking(
  speakers: () => Speakers,
  onChange: (speaking: ReadonlySet<string>) => void,
): () => void {
  const heardAt = new Map<string, number>();
  let shown = '';
  const look = (): void => {
    const { id: own, peers, connection } = speakers();
    const now = Date.now();
    const ids = peers.map(({ id }) => id);
    for (const id of ids) if (isLoud(connection(id))) heardAt.set(id, now);
    if (own !== undefined && ids[0] !== undefined) {
      void sendsLoudly(connection(ids[0])).then((loud) => loud && heardAt.set(own, now));
      ids.push(own);
    }
    const speaking = ids.filter((id) => now - (heardAt.get(id) ?? 0) < HOLD);
    if (speaking.join() === shown) return;
    shown = speaking.join();
    onChange(new Set(speaking));
  };
  const timer = setInterval(look, INTERVAL);
  return () => clearInterval(timer);
}

/** The microphone comes first among what a connection receives. */
function isLoud(connection: RTCPeerConnection | undefined): boolean {
  const [microphone] = connection?.getReceivers() ?? [];
  const sources = microphone?.getSynchronizationSources() ?? [];
  return sources.some(({ audioLevel = 0 }) => audioLevel > LOUD);
}

/** What is sent to one is sent to all. */
async function sendsLoudly(connection: RTCPeerConnection | undefined): Promise<boolean> {
  const [microphone] = connection?.getSenders() ?? [];
  const report = await microphone?.getStats();
  const entries = [...(report?.values() ?? [])] as { type: string; audioLevel?: number }[];
  return entries.some(({ type, audioLevel = 0 }) => type === 'media-source' && audioLevel > LOUD);
}
