import { SignalingError } from '../driver/index.js';

/** There is no WebRTC, or not with this configuration; `undefined` where there is. */
export function checkWebRtc(rtc: RTCConfiguration | undefined): SignalingError | undefined {
  if (typeof RTCPeerConnection === 'undefined') {
    return new SignalingError(
      'webrtc',
      'There is no WebRTC here. Open the page in a current browser, without an extension or a policy that turns RTCPeerConnection off.',
    );
  }
  if (!rtc) return undefined;
  try {
    new RTCPeerConnection(rtc).close();
    return undefined;
  } catch (cause) {
    const message =
      'The browser refuses `rtc`. Give it what RTCPeerConnection takes; the cause says what is wrong.';
    return new SignalingError('usage', message, { cause });
  }
}

export function noConnection(cause: unknown): SignalingError {
  return new SignalingError(
    'webrtc',
    'The browser makes no further connection; see the cause. Close other calls, or reload the page.',
    { cause },
  );
}

export function unreachable(name: string): SignalingError {
  return new SignalingError(
    'webrtc',
    `No path to ${name || 'a peer'} was found. Where peers are on different networks, give \`rtc.iceServers\` a STUN and a TURN server.`,
  );
}

export function notNegotiated(name: string, cause: unknown): SignalingError {
  return new SignalingError(
    'webrtc',
    `The connection to ${name || 'a peer'} could not be negotiated; see the cause. Both sides need a current browser and the same version of this package.`,
    { cause },
  );
}
