import { FakeStream, FakeTrack, type TrackKind } from './FakeTrack.js';

/** What a page may ask for. */
export type FakeSource = 'camera' | 'microphone' | 'screen';

interface Device {
  readonly deviceId: string;
  readonly label: string;
}

type Plugged = Exclude<FakeSource, 'screen'>;

const KINDS = { camera: 'video', microphone: 'audio' } as const;

/** The devices of a computer that is not there, as `navigator.mediaDevices`. */
export class FakeDevices extends EventTarget {
  readonly #devices: Record<Plugged, Device[]>;
  readonly #problems = new Map<FakeSource, string>();
  readonly #given = new Map<FakeTrack, FakeSource>();

  constructor(cameras: readonly string[], microphones: readonly string[]) {
    super();
    this.#devices = { camera: cameras.map(toDevice), microphone: microphones.map(toDevice) };
  }

  /** The tracks that are in use. */
  get live(): FakeTrack[] {
    return [...this.#given.keys()].filter(({ readyState }) => readyState === 'live');
  }

  /** @param name The name of the `DOMException` that stands in the way; `undefined`: nothing. */
  setProblem(source: FakeSource, name: string | undefined): void {
    if (name === undefined) this.#problems.delete(source);
    else this.#problems.set(source, name);
  }

  plug(source: Plugged, label: string): void {
    const others = this.#devices[source].filter((device) => device.label !== label);
    this.#devices[source] = [...others, toDevice(label)];
    this.dispatchEvent(new Event('devicechange'));
  }

  /** @param label Default: all of this kind. */
  unplug(source: Plugged, label: string | undefined): void {
    const isGone = (each: string): boolean => label === undefined || each === label;
    this.#devices[source] = this.#devices[source].filter((device) => !isGone(device.label));
    this.end(source, isGone);
    this.dispatchEvent(new Event('devicechange'));
  }

  /** Ends what is in use, as the browser does. */
  end(source: FakeSource, isMeant: (label: string) => boolean = () => true): void {
    for (const [track, from] of this.#given)
      if (from === source && isMeant(track.label)) track.end();
  }

  async enumerateDevices(): Promise<MediaDeviceInfo[]> {
    const sources = Object.entries(this.#devices) as [Plugged, Device[]][];
    return sources.flatMap(([source, devices]) =>
      devices.map((device) => {
        const info = { ...device, kind: `${KINDS[source]}input` as const, groupId: '' };
        return { ...info, toJSON: () => info };
      }),
    );
  }

  async getUserMedia({ audio, video }: MediaStreamConstraints = {}): Promise<FakeStream> {
    if (!audio && !video) throw new TypeError('At least one of audio and video must be requested.');
    return new FakeStream([
      ...(audio ? [this.#open('microphone', audio)] : []),
      ...(video ? [this.#open('camera', video)] : []),
    ]);
  }

  async getDisplayMedia({ audio }: MediaStreamConstraints = {}): Promise<FakeStream> {
    this.#throwIfBlocked('screen');
    const kinds: TrackKind[] = audio ? ['video', 'audio'] : ['video'];
    return new FakeStream(kinds.map((kind) => this.#give('screen', new FakeTrack(kind, 'Screen'))));
  }

  #open(source: Plugged, wanted: true | MediaTrackConstraints): FakeTrack {
    this.#throwIfBlocked(source);
    const { ids, isExact } = readDeviceId(wanted === true ? undefined : wanted.deviceId);
    const devices = this.#devices[source];
    const chosen = devices.find(({ deviceId }) => ids.includes(deviceId));
    if (isExact && !chosen) throw new DOMException('No such device.', 'OverconstrainedError');
    const device = chosen ?? devices[0];
    if (!device) throw new DOMException('No device.', 'NotFoundError');
    return this.#give(source, new FakeTrack(KINDS[source], device.label, device.deviceId));
  }

  #give(source: FakeSource, track: FakeTrack): FakeTrack {
    this.#given.set(track, source);
    return track;
  }

  #throwIfBlocked(source: FakeSource): void {
    const problem = this.#problems.get(source);
    if (problem !== undefined) throw new DOMException(`The ${source} cannot be had.`, problem);
  }
}

function toDevice(label: string): Device {
  return { label, deviceId: label.toLowerCase().replaceAll(/\W+/g, '-') };
}

/** Reads a [`ConstrainDOMString`](https://www.w3.org/TR/mediacapture-streams/#dom-constraindomstring). */
function readDeviceId(wanted: ConstrainDOMString | undefined): { ids: string[]; isExact: boolean } {
  const isPlain = wanted === undefined || typeof wanted === 'string' || Array.isArray(wanted);
  const { exact, ideal } = isPlain ? { exact: undefined, ideal: wanted } : wanted;
  return { ids: [exact ?? ideal ?? []].flat(), isExact: exact !== undefined };
}
