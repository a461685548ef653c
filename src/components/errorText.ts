import type { SignalingError, SignalingErrorCode } from '../driver/index.js';
import type { CallLabels } from './labels.js';

type Sentence = {
  [Key in keyof CallLabels]: CallLabels[Key] extends string ? Key : never;
}[keyof CallLabels];

const SENTENCES: Partial<Record<SignalingErrorCode, Sentence>> = {
  unreachable: 'serverUnreachable',
  timeout: 'serverUnreachable',
  credentials: 'serverUnreachable',
  buffered: 'serverUnreachable',
  connections: 'serverUnreachable',
  unauthorized: 'notAllowed',
  secret: 'wrongSecret',
  full: 'full',
  webrtc: 'peerUnreachable',
  usage: 'misconfigured',
  'not-a-hub': 'misconfigured',
  rejected: 'misconfigured',
};

/** An error in words for the person in the call. Its `message` is for the developer. */
export function errorText({ code }: SignalingError, text: CallLabels): string {
  if (code === 'webrtc' && typeof RTCPeerConnection === 'undefined') return text.noWebRtc;
  if (code === 'usage' && !globalThis.isSecureContext) return text.insecure;
  return text[SENTENCES[code] ?? 'failed'];
}

const PROBLEMS: Partial<Record<SignalingErrorCode, 'Denied' | 'Missing' | 'Busy'>> = {
  'media-permission': 'Denied',
  'media-device': 'Missing',
  'media-busy': 'Busy',
};

/** The same for a device that was wanted and cannot be had. */
export function deviceErrorText(
  device: 'microphone' | 'camera',
  { code }: SignalingError,
  text: CallLabels,
): string {
  const problem = PROBLEMS[code];
  if (problem) return text[`${device}${problem}`];
  return code === 'usage' ? text.insecure : text.failed;
}
