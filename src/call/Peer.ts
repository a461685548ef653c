/**
 * - `connecting`: it has answered, and a path is being looked for.
 * - `connected`: media and messages flow.
 * - `disconnected`: it is out of reach, perhaps for a moment. After a while it leaves the list.
 */
export type PeerState = 'connecting' | 'connected' | 'disconnected';

/** Another person in the room. A snapshot: a change makes a new one. */
export interface Peer {
  /** The hash of the key this peer signs with: made for this visit, and nobody else can use it. */
  readonly id: string;
  /** What it calls itself. Two peers may have the same name. */
  readonly name: string;
  /** What it gave to `setData`, as JSON carries it. `undefined` until it is connected. */
  readonly data: unknown;
  /** Whether it can be reached. */
  readonly state: PeerState;
  /**
   * Its camera and its microphone in one stream, which stays the same while the connection does.
   * `null` until it is connected. Whether there is a picture or a sound in it, `muted` says.
   */
  readonly camera: MediaStream | null;
  /** The screen it shares, with the sound of it where there is one; `null` where it shares none. */
  readonly screen: MediaStream | null;
  /** What is off. Both are `true` until the peer is connected. */
  readonly muted: {
    /** Whether its camera is off. */
    readonly camera: boolean;
    /** Whether its microphone is off. */
    readonly microphone: boolean;
  };
}
