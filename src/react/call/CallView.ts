import type { CallMessage, SendOptions } from '../../call/CallMessage.js';
import type { Peer } from '../../call/Peer.js';
import type { SignalingError } from '../../driver/index.js';

/** What `useCall` returns. Its functions stay the same as long as the room does. */
export interface CallView {
  /** One's own id, as the others see it: another one at each visit. `undefined` until it is made. */
  readonly id: string | undefined;
  /**
   * - `idle`: the room is `null`.
   * - `joining`: the hub has still to accept.
   * - `joined`: in the room. While the hub is away, too: the others are still connected.
   * - `left`: after `leave()`, or not let in, see `error`.
   */
  readonly status: 'idle' | 'joining' | 'joined' | 'left';
  /** Who else is in the room, in order of arrival. */
  readonly peers: readonly Peer[];
  /** What went wrong last; `undefined` once it is over. */
  readonly error: SignalingError | undefined;
  /** Says bye and closes every connection. `rejoin` comes back. */
  readonly leave: () => void;
  /** Leaves where one is in the room, and joins anew; also after an error. */
  readonly rejoin: () => void;
  /** Shows this to the others as `peer.data`, in place of what it was: anything JSON can carry. */
  readonly setData: (data: unknown) => void;
  /** The connection to a peer, to read from: statistics, receivers. `undefined` where there is none. */
  readonly connection: (peerId: string) => RTCPeerConnection | undefined;
  /**
   * Sends a message to everybody connected, or to one. `useCallMessages` keeps a list.
   *
   * @throws `SignalingError` `usage` where JSON cannot carry `body`, or it has more than 64 kB.
   */
  readonly send: (channel: string, body: unknown, options?: SendOptions) => void;
  /** Calls `listener` with each message on a channel, until the function it returns is called. */
  readonly onMessage: (channel: string, listener: (message: CallMessage) => void) => () => void;
}
