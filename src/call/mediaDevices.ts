import { SignalingError } from '../driver/index.js';

/** Defined in secure contexts only. */
export function mediaDevices(): MediaDevices | undefined {
  return globalThis.navigator?.mediaDevices;
}

/** Whether a page may say where its sound is played. */
export function canChooseSpeaker(): boolean {
  return typeof HTMLMediaElement !== 'undefined' && 'setSinkId' in HTMLMediaElement.prototype;
}

/**
 * `getUserMedia` with errors that say what stands in the way
 * ([Media Capture and Streams](https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia)).
 */
export async function askForMedia(constraints: MediaStreamConstraints): Promise<MediaStream> {
  const devices = mediaDevices();
  if (!devices) {
    throw new SignalingError(
      'usage',
      'This page may not use camera and microphone. Serve it over https, or open it on localhost.',
    );
  }
  try {
    return await devices.getUserMedia(constraints);
  } catch (cause) {
    throw toMediaError(cause);
  }
}

export function toMediaError(cause: unknown): SignalingError {
  switch ((cause as DOMException).name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return new SignalingError(
        'media-permission',
        'Not allowed. Allow it in the settings of this page and of the system, then try again.',
        { cause },
      );
    case 'NotReadableError':
    case 'AbortError':
      return new SignalingError(
        'media-busy',
        'Another app uses the device. Close it, then try again.',
        { cause },
      );
    case 'TypeError':
      return new SignalingError(
        'usage',
        'The browser does not take these constraints; see the cause.',
        { cause },
      );
    default: // NotFoundError, OverconstrainedError
      return new SignalingError(
        'media-device',
        'There is no such device. Plug one in, or ask for less, then try again.',
        { cause },
      );
  }
}
