import { describe, expect, test, vi } from 'vitest';
import { deviceErrorText, errorText } from '../../src/components/errorText.js';
import { withLabels } from '../../src/components/labels.js';
import { SignalingError, type SignalingErrorCode } from '../../src/index.js';

const text = withLabels(undefined);
const error = (code: SignalingErrorCode) => new SignalingError(code, 'For the developer.');

describe('errorText', () => {
  test.each<[SignalingErrorCode, string]>([
    ['unreachable', text.serverUnreachable],
    ['timeout', text.serverUnreachable],
    ['connections', text.serverUnreachable],
    ['unauthorized', text.notAllowed],
    ['secret', text.wrongSecret],
    ['full', text.full],
    ['not-a-hub', text.misconfigured],
    ['webrtc', text.noWebRtc], // jsdom has none
    ['overflow', text.failed],
  ])('%s', (code, sentence) => {
    expect(errorText(error(code), text)).toBe(sentence);
  });

  test.each([
    [true, text.misconfigured],
    [false, text.insecure],
  ])('usage, on a page that is secure: %s', (isSecure, sentence) => {
    vi.stubGlobal('isSecureContext', isSecure);
    expect(errorText(error('usage'), text)).toBe(sentence);
    vi.unstubAllGlobals();
  });

  test('a peer that cannot be reached, where there is WebRTC', () => {
    vi.stubGlobal('RTCPeerConnection', vi.fn());
    expect(errorText(error('webrtc'), text)).toBe(text.peerUnreachable);
    vi.unstubAllGlobals();
  });
});

describe('deviceErrorText', () => {
  test.each<[SignalingErrorCode, camera: string, microphone: string]>([
    ['media-permission', text.cameraDenied, text.microphoneDenied],
    ['media-device', text.cameraMissing, text.microphoneMissing],
    ['media-busy', text.cameraBusy, text.microphoneBusy],
    ['usage', text.insecure, text.insecure],
    ['timeout', text.failed, text.failed],
  ])('%s', (code, camera, microphone) => {
    expect(deviceErrorText('camera', error(code), text)).toBe(camera);
    expect(deviceErrorText('microphone', error(code), text)).toBe(microphone);
  });
});
