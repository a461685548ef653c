import { vi } from 'vitest';
import type { LocalMedia } from '../../src/index.js';

/** What jsdom lacks of a track: as much as the components look at. */
export class FakeTrack extends EventTarget {
  readonly kind: string;
  readyState = 'live';

  constructor(kind: 'audio' | 'video') {
    super();
    this.kind = kind;
  }

  end(): void {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }
}

class FakeStream extends EventTarget {
  readonly #tracks: FakeTrack[];

  constructor(tracks: FakeTrack[]) {
    super();
    this.#tracks = tracks;
  }

  getTracks = () => this.#tracks;
  getAudioTracks = () => this.#tracks.filter((track) => track.kind === 'audio');
  getVideoTracks = () => this.#tracks.filter((track) => track.kind === 'video');

  /** As a remote track is added. */
  add(track: FakeTrack): void {
    this.#tracks.push(track);
    this.dispatchEvent(Object.assign(new Event('addtrack'), { track }));
  }
}

export type { FakeStream };

export function fakeStream(...tracks: FakeTrack[]): MediaStream & FakeStream {
  return new FakeStream(tracks) as unknown as MediaStream & FakeStream;
}

/** Local media as `useLocalMedia` gives it, with a live microphone and camera. */
export function fakeMedia(change: Partial<LocalMedia> = {}): LocalMedia {
  return {
    status: 'live',
    stream: fakeStream(new FakeTrack('audio'), new FakeTrack('video')),
    error: undefined,
    microphone: true,
    camera: true,
    setMicrophone: vi.fn(),
    setCamera: vi.fn(),
    retry: vi.fn(),
    ...change,
  };
}
