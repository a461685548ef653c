/** A message in a call. It goes over the connections of the peers; no server sees it. */
export interface CallMessage<Body = unknown> {
  /** Unique in this list, for a React `key`. */
  readonly id: string;
  /** The id of who sent it. */
  readonly from: string;
  /** What they were called then. */
  readonly name: string;
  /** Whether it was sent from here. */
  readonly own: boolean;
  /** The only peer it was sent to; `undefined`: everybody. */
  readonly to: string | undefined;
  /** When it was sent here, or arrived here, in ms since the epoch. */
  readonly at: number;
  /** What was sent, as JSON carries it. Any peer may send any JSON: verify what you use. */
  readonly body: Body;
}

/** Options of one message. */
export interface SendOptions {
  /** The id of the only peer it is for. Default: everybody. */
  to?: string | undefined;
}
