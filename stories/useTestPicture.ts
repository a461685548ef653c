import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { LocalMediaState } from '../src/call/index.js';
import { Store } from '../src/call/Store.js';
import type { LocalMedia } from '../src/index.js';
import { createTestPicture, type TestPicture } from './testPicture.js';

const OFF: LocalMediaState = {
  status: 'idle',
  stream: null,
  error: undefined,
  microphone: false,
  camera: false,
};

class TestPictureSource extends Store<LocalMediaState> {
  #picture: TestPicture | undefined;

  constructor() {
    super(OFF);
  }

  open(hue: number): void {
    this.#picture = createTestPicture(hue);
    const { stream } = this.#picture;
    this.update({ status: 'live', stream, microphone: true, camera: true });
  }

  close(): void {
    this.#picture?.stop();
    this.update(OFF);
  }

  setMicrophone(on: boolean): void {
    for (const track of this.state.stream?.getAudioTracks() ?? []) track.enabled = on;
    this.update({ microphone: on });
  }

  setCamera(on: boolean): void {
    for (const track of this.state.stream?.getVideoTracks() ?? []) track.enabled = on;
    this.update({ camera: on });
  }
}

/** What `useLocalMedia` gives, from a drawn picture in place of a camera. */
export function useTestPicture(hue: number, { enabled = true } = {}): LocalMedia {
  const [source] = useState(() => new TestPictureSource());
  useEffect(() => {
    if (!enabled) return;
    source.open(hue);
    return () => source.close();
  }, [source, hue, enabled]);

  const state = useSyncExternalStore(source.onChange, () => source.state);
  return useMemo(
    () => ({
      ...state,
      setMicrophone: (on) => source.setMicrophone(on),
      setCamera: (on) => source.setCamera(on),
      retry: () => {},
    }),
    [source, state],
  );
}
