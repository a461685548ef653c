/** How a picture is sent. */
export interface PictureLimits {
  /** In bit/s. */
  readonly maxBitrate: number;
  /** Of the picture, in lines. `Infinity`: as it is. */
  readonly maxHeight: number;
  readonly maxFramerate: number;
}

/** What is sent to each peer. */
export interface SendingLimits {
  /** In bit/s. */
  readonly microphone: number;
  readonly camera: PictureLimits;
  readonly screen: PictureLimits;
}

/** Default of the budget, in bit/s: what an ordinary line at home carries upwards. */
export const BUDGET = 2_500_000;

/** Opus is clear with this much, in bit/s. */
const MICROPHONE = 40_000;
/** A picture needs this much to be one, in bit/s, and gains little above. */
const CAMERA = { least: 40_000, most: 1_700_000 };
/** What part of a peer's share a shared screen takes, and the least it needs, in bit/s. */
const SCREEN = { part: 0.7, least: 100_000, most: 2_000_000 };

/**
 * What may be sent to each of so many peers. Sound comes first, then a shared screen; the more
 * peers, the smaller the picture, for a few bits make a better small picture than a large one.
 */
export function limitsFor(budget: number, peers: number, sharing: boolean): SendingLimits {
  const share = budget / Math.max(1, peers) - MICROPHONE;
  const screen = sharing ? clamp(share * SCREEN.part, SCREEN.least, SCREEN.most) : SCREEN.least;
  const camera = clamp(sharing ? share - screen : share, CAMERA.least, CAMERA.most);
  return {
    microphone: MICROPHONE,
    camera: {
      maxBitrate: Math.floor(camera),
      maxHeight: heightFor(camera),
      maxFramerate: camera < 150_000 ? 15 : 30,
    },
    screen: { maxBitrate: Math.floor(screen), maxHeight: Infinity, maxFramerate: 15 },
  };
}

/** Has `rtc` send within these limits. Nothing is negotiated. */
export async function limitSending(rtc: RTCPeerConnection, limits: SendingLimits): Promise<void> {
  const { microphone, camera, screen } = limits;
  const audio = { maxBitrate: microphone, priority: 'high', networkPriority: 'high' } as const;
  const lines = [audio, camera, screen, audio];
  await Promise.all(
    rtc.getSenders().map(async (sender, index) => {
      const line = lines[index];
      if (line) await setEncoding(sender, 'maxHeight' in line ? toEncoding(line, sender) : line);
    }),
  );
}

function toEncoding(
  { maxBitrate, maxHeight, maxFramerate }: PictureLimits,
  { track }: RTCRtpSender,
): Partial<RTCRtpEncodingParameters> {
  const { height = 0 } = track?.getSettings() ?? {};
  const scaleResolutionDownBy = Math.max(1, height / maxHeight);
  return { maxBitrate, maxFramerate, scaleResolutionDownBy };
}

async function setEncoding(
  sender: RTCRtpSender,
  change: Partial<RTCRtpEncodingParameters>,
): Promise<void> {
  const parameters = sender.getParameters();
  const [encoding] = parameters.encodings;
  if (!encoding) return; // not negotiated yet
  Object.assign(encoding, change);
  // A browser that does not know one of them sends as it likes.
  await sender.setParameters(parameters).catch(() => {});
}

/** How many lines are worth so many bit/s. */
function heightFor(bitrate: number): number {
  if (bitrate >= 1_000_000) return 720;
  if (bitrate >= 300_000) return 360;
  return bitrate >= 120_000 ? 240 : 180;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
