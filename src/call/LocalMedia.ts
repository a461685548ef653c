import type { SignalingError } from '../driver/index.js';

/**
 * - `off`: not asked for, turned off or muted.
 * - `asking`: the browser, and perhaps the person, is being asked.
 * - `on`: the others see or hear it.
 * - `error`: it was wanted and cannot be had; `error` says why.
 */
export type LocalDeviceStatus = 'off' | 'asking' | 'on' | 'error';

/** The camera or the microphone of this device. A snapshot: a change makes a new one. */
export interface LocalDevice {
  /** Whether the others see or hear it: `status` is `on`. */
  readonly on: boolean;
  /** What it is doing. */
  readonly status: LocalDeviceStatus;
  /**
   * `media-permission`: not allowed. `media-device`: there is none, or it was unplugged.
   * `media-busy`: another app uses it. `usage`: the page is not served over https.
   */
  readonly error: SignalingError | undefined;
  /** A camera that is off has none: it is stopped, and its light is off. A muted microphone has. */
  readonly track: MediaStreamTrack | null;
  /** `track` alone in a stream, for one's own tile or a level meter. */
  readonly stream: MediaStream | null;
  /** What there is to choose from. Empty until the browser tells, which is after it was allowed. */
  readonly devices: readonly MediaDeviceInfo[];
  /** Which of `devices` is used, or would be; `undefined`: the browser chooses. */
  readonly deviceId: string | undefined;
  /**
   * Turns it on or off. On asks again after an error; off stops the camera, and mutes the
   * microphone. Failure is shown in `error`.
   */
  readonly set: (on: boolean) => void;
  /** Uses this one of `devices` from now on. Nothing is negotiated, and nothing else is touched. */
  readonly select: (deviceId: string) => void;
  /**
   * Sends what this makes of the track, from now on; `null` sends the track itself. Where it fails,
   * the `error` is `handler`, with the cause.
   */
  readonly process: (transform: ProcessTrack | null) => void;
}

/**
 * Makes another track out of that of a device, such as one with a blurred background.
 *
 * @param signal Aborts when the track is no longer used: release then what it needed.
 */
export type ProcessTrack = (
  track: MediaStreamTrack,
  signal: AbortSignal,
) => MediaStreamTrack | Promise<MediaStreamTrack>;

/** Where the others are heard. A snapshot: a change makes a new one. */
export interface LocalSpeaker {
  /**
   * What there is to choose from. Empty until the browser tells, and where it does not let a page
   * choose ([Audio Output Devices API](https://w3c.github.io/mediacapture-output/)).
   */
  readonly devices: readonly MediaDeviceInfo[];
  /** The one that was chosen, for `CallAudio`; `undefined`: the system's. */
  readonly deviceId: string | undefined;
  /** Plays the others on this one of `devices` from now on. */
  readonly select: (deviceId: string) => void;
}

/** The screen, window or tab that is shared. A snapshot: a change makes a new one. */
export interface LocalScreen {
  /** Whether the others see it. */
  readonly on: boolean;
  /** Why it could not be shared. A person who closes the browser's dialog makes no error. */
  readonly error: SignalingError | undefined;
  /** Picture, and sound where there is one; `null` while nothing is shared. */
  readonly stream: MediaStream | null;
  /** Opens the browser's dialog. Call it in the handler of a click. */
  readonly start: () => void;
  /** Ends it, as the browser's own bar does. */
  readonly stop: () => void;
}

/** What this device gives to a call. A snapshot: a change makes a new one. */
export interface LocalMedia {
  /** The camera. */
  readonly camera: LocalDevice;
  /** The microphone. */
  readonly microphone: LocalDevice;
  /** What is shared. */
  readonly screen: LocalScreen;
  /** Where the others are heard. */
  readonly speaker: LocalSpeaker;
}

/** What is asked for first. */
export interface LocalMediaOptions {
  /** `true`, or constraints, turns it on at once. Default: `true`. */
  camera?: boolean | MediaTrackConstraints | undefined;
  /** `true`, or constraints, turns it on at once. Default: `true`. */
  microphone?: boolean | MediaTrackConstraints | undefined;
}
