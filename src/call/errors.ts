import { encodeText } from '../driver/codec.js';
import { SignalingError } from '../driver/index.js';

/** The largest message, in bytes of JSON: what every browser takes in one piece. */
const MAX_MESSAGE = 64 * 1024;

/** @throws {@link SignalingError} `usage` where `room` is no topic. */
export function checkRoom(room: unknown): void {
  if (typeof room === 'string' && room !== '') return;
  throw new SignalingError(
    'usage',
    `\`room\` is ${room === '' ? 'empty' : String(room)}. Give it a topic, or null to useCall for "not now".`,
  );
}

/** There is no WebRTC, or not with this configuration; `undefined` where there is. */
export function checkWebRtc(
  rtc: RTCConfiguration | (() => unknown) | undefined,
): SignalingError | undefined {
  if (typeof RTCPeerConnection === 'undefined') {
    return new SignalingError(
      'webrtc',
      'There is no WebRTC here. Open the page in a current browser, without an extension or a policy that turns RTCPeerConnection off.',
    );
  }
  if (!rtc || typeof rtc === 'function') return undefined;
  try {
    new RTCPeerConnection(rtc).close();
    return undefined;
  } catch (cause) {
    const message =
      'The browser refuses `rtc`. Give it what RTCPeerConnection takes; the cause says what is wrong.';
    return new SignalingError('usage', message, { cause });
  }
}

/** The function given as `rtc` threw, or returned what no browser takes. */
export function rtcFailed(cause: unknown): SignalingError {
  if (cause instanceof SignalingError) return cause;
  const message =
    'The function `rtc` failed; see the cause. It is asked again at the next attempt.';
  return new SignalingError('credentials', message, { cause });
}

/** Why there can be no signing key; `undefined` where there can be one. */
export function checkCrypto(): SignalingError | undefined {
  // Defined in secure contexts only.
  if ((globalThis.crypto as Crypto | undefined)?.subtle) return undefined;
  return new SignalingError(
    'usage',
    'A call needs Web Crypto, which browsers give to secure pages only. Serve the page over https, or open it on localhost.',
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

export function otherSecret(): SignalingError {
  return new SignalingError(
    'secret',
    'Others are in this room with another secret. Compare `secret` with theirs.',
  );
}

export function callFull(): SignalingError {
  return new SignalingError(
    'full',
    'There are as many peers in this call as `maxPeers` allows. One more gets in when somebody leaves, or where everybody has a greater `maxPeers`.',
  );
}

/** @throws {@link SignalingError} `usage` where no data channel carries this. */
export function checkMessage(body: unknown): void {
  let json: string | undefined;
  try {
    json = JSON.stringify(body);
  } catch (cause) {
    throw new SignalingError('usage', 'JSON cannot carry this; see the cause.', { cause });
  }
  if (json === undefined) {
    throw new SignalingError('usage', 'JSON cannot carry this. Send an object, a text or null.');
  }
  if (encodeText(json).length > MAX_MESSAGE) {
    throw new SignalingError('usage', 'A message may have 64 kB at most. Send a link instead.');
  }
}

export function warnOfCrowd(people: number): void {
  console.warn(
    `${people} people are in this call, and everybody sends to everybody: each of them uploads and decodes ${people - 1} pictures. From nine people on, slow machines and lines suffer. Send less (\`budget\`), allow fewer (\`maxPeers\`), or use a media server.`,
  );
}
