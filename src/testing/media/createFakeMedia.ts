import { fromNode } from '../provideEncoders.js';
import { FakeDevices, type FakeSource } from './FakeDevices.js';
import { FakePeerConnection } from './FakePeerConnection.js';
import { FakeStream, FakeTrack } from './FakeTrack.js';

export type { FakeSource } from './FakeDevices.js';

/** Options of {@link createFakeMedia}. */
export interface FakeMediaOptions {
  /** The labels of the cameras. Default: `['Camera']`. */
  cameras?: readonly string[] | undefined;
  /** The labels of the microphones. Default: `['Microphone']`. */
  microphones?: readonly string[] | undefined;
}

/** Devices that a test plugs, unplugs and forbids, in place of `navigator.mediaDevices`. */
export class FakeMedia {
  readonly #devices: FakeDevices;
  readonly #undo: (() => void)[] = [];

  /** @internal Made by {@link createFakeMedia}. */
  constructor({ cameras = ['Camera'], microphones = ['Microphone'] }: FakeMediaOptions) {
    this.#devices = new FakeDevices(cameras, microphones);
    this.#put(navigator, 'mediaDevices', this.#devices);
    this.#provide();
  }

  /** The tracks in use now: `[]` once everything has been stopped. */
  get live(): readonly MediaStreamTrack[] {
    return this.#devices.live as unknown as MediaStreamTrack[];
  }

  /** The person refuses it (`NotAllowedError`). What is in use ends. */
  deny(source: FakeSource): void {
    this.#devices.setProblem(source, 'NotAllowedError');
    this.#devices.end(source);
  }

  /** Another program uses it (`NotReadableError`). What is in use stays. */
  occupy(source: FakeSource): void {
    this.#devices.setProblem(source, 'NotReadableError');
  }

  /** Ends {@link deny} and {@link occupy}. */
  allow(source: FakeSource): void {
    this.#devices.setProblem(source, undefined);
  }

  /**
   * Pulls a device out: what is in use ends.
   *
   * @param label Which one. Default: all of this kind.
   */
  unplug(source: 'camera' | 'microphone', label?: string): void {
    this.#devices.unplug(source, label);
  }

  /** Plugs a device in. */
  plug(source: 'camera' | 'microphone', label: string): void {
    this.#devices.plug(source, label);
  }

  /** Ends what is in use, as the browser does: for a screen, its own "Stop sharing" button. */
  end(source: FakeSource): void {
    this.#devices.end(source);
  }

  /** Puts back what was there before. */
  remove(): void {
    for (const undo of this.#undo.splice(0).toReversed()) undo();
  }

  /** What jsdom lacks of a browser. */
  #provide(): void {
    if (typeof MediaStream === 'undefined') {
      this.#put(globalThis, 'MediaStream', FakeStream);
      this.#put(globalThis, 'MediaStreamTrack', FakeTrack);
      const element = globalThis.HTMLMediaElement?.prototype;
      if (element) {
        this.#put(element, 'play', async () => {});
        this.#put(element, 'pause', () => {});
      }
    }
    if (typeof RTCPeerConnection === 'undefined') {
      this.#put(globalThis, 'RTCPeerConnection', FakePeerConnection);
    }
    if (!globalThis.crypto?.subtle) {
      const { webcrypto } = fromNode('node:crypto') as { webcrypto: Crypto };
      this.#put(globalThis, 'crypto', webcrypto);
    }
  }

  #put(owner: object, name: string, value: unknown): void {
    const before = Object.getOwnPropertyDescriptor(owner, name);
    Object.defineProperty(owner, name, { value, configurable: true, writable: true });
    this.#undo.push(() => {
      if (before) Object.defineProperty(owner, name, before);
      else Reflect.deleteProperty(owner, name);
    });
  }
}

/**
 * Puts a camera, a microphone and a screen in place of those of the page, until `remove()`. Where a
 * page has no WebRTC, as in jsdom, it also gets stand-ins for `MediaStream`, `RTCPeerConnection` and
 * what else a call takes: two calls in one test find each other and exchange messages, and no
 * picture is sent.
 *
 * @example
 * ```ts
 * const media = createFakeMedia({ cameras: ['Front', 'Back'] });
 * media.deny('microphone');
 * media.unplug('camera', 'Front');
 * media.remove();
 * ```
 */
export function createFakeMedia(options: FakeMediaOptions = {}): FakeMedia {
  return new FakeMedia(options);
}
