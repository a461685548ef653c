/**
 * What went wrong, as a program can test it:
 *
 * - `usage`: a call that cannot work as written, such as an empty topic or a hook without provider.
 * - `not-a-hub`: what answers at the URL is no Mercure hub (HTML, a redirect, 204, 404, 405).
 * - `unauthorized`: the hub refuses the credentials, also fresh ones (401, 403).
 * - `rejected`: the hub refuses this very request (400, 413 and other 4xx), or its protocol version
 *   cannot express a selector.
 * - `credentials`: the `publisher` or `subscriber` function threw, or did not answer in time; the
 *   driver tries again.
 * - `unreachable`: network failure, 408, 425, 429 or 5xx; the driver tries again.
 * - `timeout`: it took longer than the `timeout` option allows.
 * - `overflow`: too much is queued, or an event is larger than the driver takes and was skipped.
 * - `buffered`: something between hub and page holds back the event stream.
 * - `decode`: an update or a value is not in the form it was said to have.
 * - `schema`: a value does not fit the schema of its subscription.
 * - `handler`: a handler threw; the `cause` is what it threw.
 * - `connections`: more streams are wanted than the browser opens to one hub.
 * - `cancelled`: unsubscribed before the hub had answered.
 * - `destroyed`: the driver was destroyed.
 * - `secret`: a signal was sealed with another secret, or others in the room of a call have another.
 * - `tampered`: a sealed signal was changed on its way, or taken from another topic.
 * - `replayed`: a sealed signal was published again, and not by its author.
 * - `full`: there are as many peers in a call as it takes.
 * - `webrtc`: WebRTC is missing here, or a connection to a peer failed.
 * - `media-permission`, `media-device`, `media-busy`: camera or microphone were refused, are not
 *   there, or are in use by another program.
 */
export type SignalingErrorCode =
  | 'usage'
  | 'not-a-hub'
  | 'unauthorized'
  | 'rejected'
  | 'credentials'
  | 'unreachable'
  | 'timeout'
  | 'overflow'
  | 'buffered'
  | 'decode'
  | 'schema'
  | 'handler'
  | 'connections'
  | 'cancelled'
  | 'destroyed'
  | 'secret'
  | 'tampered'
  | 'replayed'
  | 'full'
  | 'webrtc'
  | 'media-permission'
  | 'media-device'
  | 'media-busy';

/** The details of a {@link SignalingError}. */
export interface SignalingErrorInit extends ErrorOptions {
  /** The HTTP status, where the hub answered. */
  status?: number | undefined;
  /** The topic it is about, where it is about one; several are joined by commas. */
  topic?: string | undefined;
  /** How long the hub asks to wait before the next attempt, in ms. */
  retryAfter?: number | undefined;
}

/** The error of this package. Its message says what to do; it never holds a credential. */
export class SignalingError extends Error {
  /** Tells it from other errors, also across realms. */
  override readonly name = 'SignalingError';
  /** What went wrong. */
  readonly code: SignalingErrorCode;
  /** The HTTP status, where the hub answered. */
  readonly status: number | undefined;
  /** The topic it is about, where it is about one; several are joined by commas. */
  readonly topic: string | undefined;
  /** How long the hub asks to wait before the next attempt, in ms. */
  readonly retryAfter: number | undefined;

  constructor(code: SignalingErrorCode, message: string, init: SignalingErrorInit = {}) {
    super(message, init);
    this.code = code;
    this.status = init.status;
    this.topic = init.topic;
    this.retryAfter = init.retryAfter;
  }
}

const RETRYABLE: readonly SignalingErrorCode[] = ['unreachable', 'credentials'];

/** @internal Whether another attempt can succeed without a change of code or settings. */
export function isRetryable({ code }: SignalingError): boolean {
  return RETRYABLE.includes(code);
}

/** @internal Why a call on a destroyed driver rejects. */
export function destroyed(): SignalingError {
  return new SignalingError('destroyed', 'The driver is destroyed. Make a new one.');
}

/** @internal Why a subscription rejects that was left before the hub had answered. */
export function cancelled(): SignalingError {
  return new SignalingError('cancelled', 'Unsubscribed before the hub had answered.');
}
