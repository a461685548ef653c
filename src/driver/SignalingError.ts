/**
 * What went wrong, for a program to decide by:
 *
 * - `usage`: a call that cannot work as written, such as an empty topic or a hook without provider.
 * - `not-a-hub`: what answers at the URL is no Mercure hub (HTML, 204, 404, 405).
 * - `unauthorized`: 401 or 403, also after fresh credentials were asked for.
 * - `rejected`: the hub refuses this very request (400, 413 and other 4xx).
 * - `unreachable`: network failure, 408, 425, 429 or 5xx; the driver goes on trying.
 * - `timeout`: it took longer than the `timeout` option allows.
 * - `overflow`: too much is queued, or one event is larger than the driver takes.
 * - `decode`: an update or a value is not in the form it was said to have.
 * - `schema`: a value does not fit the schema of its subscription.
 * - `handler`: a handler threw; the `cause` is what it threw.
 * - `connections`: more streams are wanted than HTTP/1.1 lets a page open.
 * - `cancelled`: unsubscribed before the hub had answered.
 * - `destroyed`: the driver was destroyed.
 * - `webrtc`: WebRTC is missing here, or a connection to a peer failed.
 * - `media-permission`, `media-device`, `media-busy`: camera or microphone were refused, are not
 *   there, or are in use by another program.
 */
export type SignalingErrorCode =
  | 'usage'
  | 'not-a-hub'
  | 'unauthorized'
  | 'rejected'
  | 'unreachable'
  | 'timeout'
  | 'overflow'
  | 'decode'
  | 'schema'
  | 'handler'
  | 'connections'
  | 'cancelled'
  | 'destroyed'
  | 'webrtc'
  | 'media-permission'
  | 'media-device'
  | 'media-busy';

/** What a {@link SignalingError} knows beside its message. */
export interface SignalingErrorInit extends ErrorOptions {
  /** The HTTP status, where the hub answered. */
  status?: number | undefined;
  /** The topic it is about, where it is about one. */
  topic?: string | undefined;
  /** After how many ms the hub asks to be tried again, where it does. */
  retryAfter?: number | undefined;
}

/** Every error of this package. Its message says what to do; it never holds a credential. */
export class SignalingError extends Error {
  override readonly name = 'SignalingError';
  readonly code: SignalingErrorCode;
  readonly status: number | undefined;
  readonly topic: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(code: SignalingErrorCode, message: string, init: SignalingErrorInit = {}) {
    super(message, init);
    this.code = code;
    this.status = init.status;
    this.topic = init.topic;
    this.retryAfter = init.retryAfter;
  }
}

/** @internal Whether it can pass by itself, so that another attempt is worth it. */
export function canPass({ code }: SignalingError): boolean {
  return code === 'unreachable' || code === 'overflow';
}

/** @internal What is loaded when it is needed may not come, as anything over a network. */
export function notLoaded(cause: unknown): SignalingError {
  return new SignalingError('unreachable', 'A part of react-signaling was not loaded.', { cause });
}
