import { SignalingError } from '../driver/index.js';
import type { LocalScreen } from './LocalMedia.js';
import { mediaDevices, toMediaError } from './mediaDevices.js';

/** A screen, window or tab, as long as it is shared. */
export class ScreenSource {
  readonly #onChange: () => void;
  #state: LocalScreen;
  #session: AbortController | undefined;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
    this.#state = {
      on: false,
      error: undefined,
      stream: null,
      start: () => void this.#start(),
      stop: () => this.stop(),
    };
  }

  get state(): LocalScreen {
    return this.#state;
  }

  stop(): void {
    this.#session?.abort();
    this.#session = undefined;
    this.#update({ on: false, stream: null, error: undefined });
  }

  async #start(): Promise<void> {
    if (this.#session) return;
    const session = new AbortController();
    this.#session = session;
    try {
      const stream = await askForScreen();
      this.#take(stream, session.signal);
    } catch (error) {
      if (session.signal.aborted) return;
      this.stop();
      // A person who closes the dialog has changed their mind.
      const { code } = error as SignalingError;
      if (code !== 'media-permission') this.#update({ error: error as SignalingError });
    }
  }

  #take(stream: MediaStream, signal: AbortSignal): void {
    const stopTracks = (): void => stream.getTracks().forEach((track) => track.stop());
    if (signal.aborted) return stopTracks();
    signal.addEventListener('abort', stopTracks);
    const [picture] = stream.getVideoTracks();
    if (picture) {
      // Sharp text rather than smooth movement.
      picture.contentHint = 'detail';
      // The browser's own bar, or the window was closed.
      picture.addEventListener('ended', () => {
        if (!signal.aborted) this.stop();
      });
    }
    this.#update({ on: true, stream, error: undefined });
  }

  #update(change: Partial<LocalScreen>): void {
    this.#state = { ...this.#state, ...change };
    this.#onChange();
  }
}

async function askForScreen(): Promise<MediaStream> {
  const devices = mediaDevices();
  if (!devices?.getDisplayMedia) {
    const message = 'This browser cannot share a screen. Phones cannot; a page needs https.';
    throw new SignalingError('media-device', message);
  }
  try {
    return await devices.getDisplayMedia({ video: true, audio: true });
  } catch (cause) {
    throw toMediaError(cause);
  }
}
