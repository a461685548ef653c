import { SignalingError } from '../driver/index.js';
import type { LocalDevice, ProcessTrack } from './LocalMedia.js';

/** What distinguishes a camera from a microphone. */
export interface DeviceKind {
  readonly name: 'camera' | 'microphone';
  readonly track: 'video' | 'audio';
  readonly input: MediaDeviceKind;
}

export const CAMERA: DeviceKind = { name: 'camera', track: 'video', input: 'videoinput' };
export const MICROPHONE: DeviceKind = { name: 'microphone', track: 'audio', input: 'audioinput' };

/**
 * The camera or the microphone: what is wanted of it, and the track there is. A camera that is off
 * is stopped, so that its light goes out; a microphone that is off is muted, so that it is back at
 * once.
 */
export class DeviceSource {
  readonly kind: DeviceKind;
  readonly #constraints: MediaTrackConstraints;
  readonly #ask: (source: DeviceSource) => void;
  readonly #onChange: () => void;
  #state: LocalDevice;
  #wanted = false;
  #transform: ProcessTrack | null = null;
  /** Ends the track there is, or the question that is being asked. */
  #session: AbortController | undefined;

  constructor(
    kind: DeviceKind,
    constraints: MediaTrackConstraints,
    ask: (source: DeviceSource) => void,
    onChange: () => void,
  ) {
    this.kind = kind;
    this.#constraints = constraints;
    this.#ask = ask;
    this.#onChange = onChange;
    this.#state = {
      on: false,
      status: 'off',
      error: undefined,
      track: null,
      stream: null,
      devices: [],
      deviceId: undefined,
      set: (on) => this.#set(on),
      select: (deviceId) => this.#select(deviceId),
      process: (transform) => {
        this.#transform = transform;
        this.#renew();
      },
    };
  }

  get state(): LocalDevice {
    return this.#state;
  }

  get constraints(): MediaTrackConstraints {
    const { deviceId } = this.#state;
    return deviceId === undefined
      ? this.#constraints
      : { ...this.#constraints, deviceId: { ideal: deviceId } };
  }

  /** Begins to ask: what comes of it is taken or refused under this signal. */
  begin(): AbortSignal {
    this.#release();
    this.#wanted = true;
    this.#session = new AbortController();
    this.#update({ on: false, status: 'asking', error: undefined, track: null, stream: null });
    return this.#session.signal;
  }

  async take(captured: MediaStreamTrack, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return captured.stop();
    signal.addEventListener('abort', () => captured.stop());
    // Unplugged, or taken away, for one that is stopped from here says nothing.
    captured.addEventListener('ended', () => {
      if (!signal.aborted) this.#renew();
    });
    const { deviceId = this.#state.deviceId } = captured.getSettings();
    let track = captured;
    try {
      if (this.#transform) track = await this.#transform(captured, signal);
    } catch (cause) {
      return this.#refuse(cause, signal);
    }
    if (signal.aborted) return track.stop();
    signal.addEventListener('abort', () => track.stop());
    const stream = new MediaStream([track]);
    this.#update({ on: true, status: 'on', error: undefined, track, stream, deviceId });
  }

  fail(error: SignalingError, signal: AbortSignal): void {
    if (!signal.aborted) this.#update({ status: 'error', error });
  }

  #refuse(cause: unknown, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#release();
    const message = `The function given to \`${this.kind.name}.process\` failed; see the cause.`;
    this.#update({ status: 'error', error: new SignalingError('handler', message, { cause }) });
  }

  /** Stops it, whatever it does. */
  close(): void {
    this.#wanted = false;
    this.#release();
    this.#update({ on: false, status: 'off', error: undefined, track: null, stream: null });
  }

  /** Takes in what devices there are now. One that was missed, and is back, is used again. */
  setDevices(all: readonly MediaDeviceInfo[]): void {
    const devices = all.filter(({ kind, deviceId }) => kind === this.kind.input && deviceId);
    const known = this.#state.devices.map(({ deviceId }) => deviceId);
    this.#update({ devices });
    const isNew = devices.some(({ deviceId }) => !known.includes(deviceId));
    if (isNew && this.#wanted && this.#state.error?.code === 'media-device') this.#ask(this);
  }

  #set(on: boolean): void {
    const { track, status } = this.#state;
    if (on && (status === 'on' || status === 'asking')) return;
    if (this.kind === MICROPHONE && track) {
      track.enabled = on;
      this.#update({ on, status: on ? 'on' : 'off' });
    } else if (on) {
      this.#ask(this);
    } else {
      this.close();
    }
  }

  #select(deviceId: string): void {
    this.#update({ deviceId });
    this.#renew();
  }

  /** Another device takes the place of the one there is. A muted one is asked for when it is unmuted. */
  #renew(): void {
    const { track, status } = this.#state;
    if (status === 'on' || status === 'asking') this.#ask(this);
    else if (track) this.close();
  }

  #release(): void {
    this.#session?.abort();
    this.#session = undefined;
  }

  #update(change: Partial<LocalDevice>): void {
    this.#state = { ...this.#state, ...change };
    this.#onChange();
  }
}
