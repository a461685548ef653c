import { SignalingError } from '../driver/index.js';
import { Store } from './Store.js';

/** A snapshot of a {@link LocalMediaSource}. */
export interface LocalMediaState {
  /**
   * - `idle`: nothing was asked for.
   * - `asking`: the browser, and perhaps the user, is being asked.
   * - `live`: there is a stream.
   * - `error`: there is none; `error` says why.
   */
  readonly status: 'idle' | 'asking' | 'live' | 'error';
  readonly stream: MediaStream | null;
  /**
   * `media-permission`, `media-device`, `media-busy`, or `usage` on a page that may not ask. While
   * `live`: a device that went away.
   */
  readonly error: SignalingError | undefined;
  /** Whether there is a microphone and it is on. */
  readonly microphone: boolean;
  /** Whether there is a camera and it is on. */
  readonly camera: boolean;
}

/**
 * Camera and microphone of this device. Muting is remembered, also for what is asked for later:
 * whoever is muted stays so until they say otherwise.
 */
export class LocalMediaSource extends Store<LocalMediaState> {
  readonly #muted = { audio: false, video: false };
  #session: AbortController | undefined;

  constructor() {
    super({ status: 'idle', stream: null, error: undefined, microphone: false, camera: false });
  }

  /** Asks for what `constraints` say, in place of what there was. */
  open(constraints: MediaStreamConstraints): void {
    this.#stop();
    this.#session = new AbortController();
    this.update({ status: 'asking', error: undefined });
    void this.#ask(constraints, this.#session.signal);
  }

  /** Stops every track that was started, also what is still being asked for. */
  close(): void {
    this.#stop();
    this.update({ status: 'idle', error: undefined });
  }

  setMicrophone(on: boolean): void {
    this.#mute('audio', !on);
  }

  setCamera(on: boolean): void {
    this.#mute('video', !on);
  }

  async #ask(constraints: MediaStreamConstraints, signal: AbortSignal): Promise<void> {
    try {
      // Whoever closes again in the same moment, as StrictMode does, asks nobody.
      await Promise.resolve();
      if (signal.aborted) return;
      const stream = await askForMedia(constraints);
      if (signal.aborted) return stopTracks(stream);
      this.#take(stream, signal);
    } catch (error) {
      if (!signal.aborted) this.update({ status: 'error', error: error as SignalingError });
    }
  }

  #take(stream: MediaStream, signal: AbortSignal): void {
    signal.addEventListener('abort', () => stopTracks(stream));
    for (const track of stream.getTracks()) {
      track.enabled = !this.#muted[track.kind as 'audio' | 'video'];
      // Not heard where one stops it oneself.
      track.addEventListener('ended', () => this.#lose(track), { signal });
    }
    this.update({ status: 'live', stream, ...whatIsOn(stream) });
  }

  #lose(track: MediaStreamTrack): void {
    const device = track.kind === 'audio' ? 'microphone' : 'camera';
    const message = `The ${device} went away. Plug it in again, or allow it again for this page, then try again.`;
    const error = new SignalingError('media-device', message);
    this.update({ error, ...whatIsOn(this.state.stream) });
  }

  #mute(kind: 'audio' | 'video', muted: boolean): void {
    this.#muted[kind] = muted;
    const { stream } = this.state;
    for (const track of stream?.getTracks() ?? []) {
      if (track.kind === kind) track.enabled = !muted;
    }
    this.update(whatIsOn(stream));
  }

  #stop(): void {
    this.#session?.abort();
    this.#session = undefined;
    this.update({ stream: null, microphone: false, camera: false });
  }
}

function whatIsOn(stream: MediaStream | null): Pick<LocalMediaState, 'microphone' | 'camera'> {
  return {
    microphone: stream?.getAudioTracks().some(isOn) ?? false,
    camera: stream?.getVideoTracks().some(isOn) ?? false,
  };
}

function isOn(track: MediaStreamTrack): boolean {
  return track.enabled && track.readyState === 'live';
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/**
 * `getUserMedia` with errors that say what stands in the way
 * ([Media Capture and Streams](https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia)).
 */
async function askForMedia(constraints: MediaStreamConstraints): Promise<MediaStream> {
  // Defined in secure contexts only.
  const devices = globalThis.navigator?.mediaDevices as MediaDevices | undefined;
  if (!devices) {
    throw new SignalingError(
      'usage',
      'This page may not use camera and microphone. Serve it over https, or open it on localhost.',
    );
  }
  try {
    return await devices.getUserMedia(constraints);
  } catch (cause) {
    throw toSignalingError(cause);
  }
}

function toSignalingError(cause: unknown): SignalingError {
  switch ((cause as DOMException).name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return new SignalingError(
        'media-permission',
        'Camera and microphone are not allowed. Allow them in the settings of this page and of the system, then try again.',
        { cause },
      );
    case 'NotReadableError':
    case 'AbortError':
      return new SignalingError(
        'media-busy',
        'Another program uses the camera or the microphone. Close it, then try again.',
        { cause },
      );
    case 'TypeError':
      return new SignalingError(
        'usage',
        'These constraints ask for nothing. Ask for `audio`, `video` or both.',
        { cause },
      );
    default: // NotFoundError, OverconstrainedError
      return new SignalingError(
        'media-device',
        'There is no such camera or microphone. Plug one in, or ask for less, then try again.',
        { cause },
      );
  }
}
