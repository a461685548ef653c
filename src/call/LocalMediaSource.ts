import type { SignalingError } from '../driver/index.js';
import { CAMERA, DeviceSource, MICROPHONE } from './DeviceSource.js';
import type { LocalMedia, LocalMediaOptions, LocalSpeaker } from './LocalMedia.js';
import { askForMedia, canChooseSpeaker, mediaDevices } from './mediaDevices.js';
import { ScreenSource } from './ScreenSource.js';
import { listenTo } from '../driver/listenTo.js';
import { Store } from '../driver/Store.js';

/**
 * Camera, microphone and screen of this device, for a call without React.
 *
 * @example
 * ```ts
 * const media = new LocalMediaSource();
 * media.onChange(() => call.setMedia(media.state));
 * media.open();
 * ```
 */
export class LocalMediaSource extends Store<LocalMedia> {
  readonly #first: readonly DeviceSource[];
  readonly #camera: DeviceSource;
  readonly #microphone: DeviceSource;
  readonly #screen: ScreenSource;
  #isOpen = false;
  #endWatching: (() => void) | undefined;

  constructor({ camera = true, microphone = true }: LocalMediaOptions = {}) {
    const changed = (): void => this.#show();
    const ask = (source: DeviceSource): void => void this.#ask([source]);
    const cameraSource = new DeviceSource(CAMERA, toConstraints(camera), ask, changed);
    const microphoneSource = new DeviceSource(MICROPHONE, toConstraints(microphone), ask, changed);
    const screenSource = new ScreenSource(changed);
    super({
      camera: cameraSource.state,
      microphone: microphoneSource.state,
      screen: screenSource.state,
      speaker: {
        devices: [],
        deviceId: undefined,
        select: (deviceId) => this.#setSpeaker({ deviceId }),
      },
    });
    this.#camera = cameraSource;
    this.#microphone = microphoneSource;
    this.#screen = screenSource;
    this.#first = [...(microphone ? [microphoneSource] : []), ...(camera ? [cameraSource] : [])];
  }

  /** Asks for what the options say, and watches what devices there are. */
  open(): void {
    this.#isOpen = true;
    const devices = mediaDevices();
    if (devices?.addEventListener)
      this.#endWatching = listenTo(devices, { devicechange: () => void this.#list() });
    void this.#ask(this.#first);
  }

  /** Stops every track that was started, also what is still being asked for. */
  close(): void {
    this.#isOpen = false;
    this.#endWatching?.();
    this.#camera.close();
    this.#microphone.close();
    this.#screen.stop();
  }

  /** Asks for these in one question; where that fails, for each alone. */
  async #ask(sources: readonly DeviceSource[]): Promise<void> {
    const asked = sources.map((source) => ({ source, signal: source.begin() }));
    // Closed again in the same moment, as StrictMode does: nobody is asked.
    await Promise.resolve();
    const wanted = asked.filter(({ signal }) => !signal.aborted);
    if (wanted.length === 0) return;
    const constraints = wanted.map(
      ({ source }) => [source.kind.track, source.constraints] as const,
    );
    try {
      const stream = await askForMedia(Object.fromEntries(constraints));
      for (const track of stream.getTracks()) {
        const taker = wanted.find(({ source }) => source.kind.track === track.kind);
        void taker?.source.take(track, taker.signal);
      }
    } catch (error) {
      for (const { source, signal } of wanted) {
        if (signal.aborted) continue;
        if (wanted.length > 1) void this.#ask([source]);
        else source.fail(error as SignalingError, signal);
      }
    }
    await this.#list();
  }

  async #list(): Promise<void> {
    const devices = await mediaDevices()
      ?.enumerateDevices()
      .catch(() => []);
    if (!devices || !this.#isOpen) return;
    this.#camera.setDevices(devices);
    this.#microphone.setDevices(devices);
    const speakers = devices.filter(({ kind, deviceId }) => kind === 'audiooutput' && deviceId);
    if (canChooseSpeaker()) this.#setSpeaker({ devices: speakers });
  }

  #setSpeaker(change: Partial<LocalSpeaker>): void {
    this.update({ speaker: { ...this.state.speaker, ...change } });
  }

  #show(): void {
    this.update({
      camera: this.#camera.state,
      microphone: this.#microphone.state,
      screen: this.#screen.state,
    });
  }
}

function toConstraints(wanted: boolean | MediaTrackConstraints): MediaTrackConstraints {
  return typeof wanted === 'object' ? wanted : {};
}
