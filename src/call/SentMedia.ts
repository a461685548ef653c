/** What is sent: what `LocalMedia` holds of it, so that other tracks can be sent as well. */
export interface SentMedia {
  /** The picture of oneself. */
  readonly camera: SentDevice;
  /** One's own sound. */
  readonly microphone: SentDevice;
  /** What is shared. */
  readonly screen: {
    /** Picture and perhaps sound; `null` for none. */
    readonly stream: MediaStream | null;
  };
}

/** A camera or a microphone, as it is sent. */
export interface SentDevice {
  /** What is sent; `null` for nothing. */
  readonly track: MediaStreamTrack | null;
  /** Whether the others are shown that it is on. */
  readonly on: boolean;
}

const OFF: SentDevice = { track: null, on: false };

export const NO_MEDIA: SentMedia = { camera: OFF, microphone: OFF, screen: { stream: null } };

/**
 * The lines of every connection, in the order of the offer. All of them are there from the start,
 * so that a track comes and goes by `replaceTrack` alone, and its place says what it is.
 */
export const LINES = ['audio', 'video', 'video', 'audio'] as const;

/** The track of each line. */
export function tracksOf({ camera, microphone, screen }: SentMedia): (MediaStreamTrack | null)[] {
  const { stream } = screen;
  return [
    microphone.track,
    camera.track,
    stream?.getVideoTracks()[0] ?? null,
    stream?.getAudioTracks()[0] ?? null,
  ];
}
