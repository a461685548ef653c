/** What a track comes from. */
export type TrackKind = 'audio' | 'video';

/** As much of a `MediaStreamTrack` as a page without media has to use. */
export class FakeTrack extends EventTarget {
  readonly id: string;
  readonly kind: TrackKind;
  readonly label: string;
  enabled = true;
  muted = false;
  contentHint = '';
  readyState: MediaStreamTrackState = 'live';
  readonly #deviceId: string;

  constructor(kind: TrackKind, label = '', deviceId = '') {
    super();
    this.id = createId();
    this.kind = kind;
    this.label = label;
    this.#deviceId = deviceId;
  }

  getSettings(): MediaTrackSettings {
    return { deviceId: this.#deviceId };
  }

  getConstraints(): MediaTrackConstraints {
    return {};
  }

  async applyConstraints(): Promise<void> {}

  clone(): FakeTrack {
    return new FakeTrack(this.kind, this.label, this.#deviceId);
  }

  /** Stopped by the page, which is not told of it. */
  stop(): void {
    this.readyState = 'ended';
  }

  /** Ended by the browser or the device. */
  end(): void {
    if (this.readyState === 'ended') return;
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }
}

/** As much of a `MediaStream`. */
export class FakeStream extends EventTarget {
  readonly id = createId();
  readonly #tracks: Set<FakeTrack>;

  constructor(tracks: FakeStream | Iterable<FakeTrack> = []) {
    super();
    this.#tracks = new Set(tracks instanceof FakeStream ? tracks.getTracks() : tracks);
  }

  get active(): boolean {
    return this.getTracks().some(({ readyState }) => readyState === 'live');
  }

  getTracks(): FakeTrack[] {
    return [...this.#tracks];
  }

  getAudioTracks(): FakeTrack[] {
    return this.getTracks().filter(({ kind }) => kind === 'audio');
  }

  getVideoTracks(): FakeTrack[] {
    return this.getTracks().filter(({ kind }) => kind === 'video');
  }

  getTrackById(id: string): FakeTrack | null {
    return this.getTracks().find((track) => track.id === id) ?? null;
  }

  addTrack(track: FakeTrack): void {
    this.#tracks.add(track);
  }

  removeTrack(track: FakeTrack): void {
    this.#tracks.delete(track);
  }

  clone(): FakeStream {
    return new FakeStream(this.getTracks().map((track) => track.clone()));
  }
}

let created = 0;

function createId(): string {
  created += 1;
  return `fake-${created}`;
}
