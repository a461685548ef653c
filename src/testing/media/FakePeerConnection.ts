import { FakeTrack, type TrackKind } from './FakeTrack.js';

/** Those that a description may name. */
const connections = new Map<string, FakePeerConnection>();
let created = 0;

/** As much of an `RTCDataChannel` as carries messages in one page. */
class FakeChannel extends EventTarget {
  readyState: RTCDataChannelState = 'connecting';
  readonly bufferedAmount = 0;
  other: FakeChannel | undefined;

  open(other: FakeChannel): void {
    this.other = other;
    this.readyState = 'open';
    this.dispatchEvent(new Event('open'));
  }

  send(data: unknown): void {
    if (this.readyState !== 'open') throw new DOMException('Not open.', 'InvalidStateError');
    const { other } = this;
    const message = Object.assign(new Event('message'), { data });
    void Promise.resolve().then(() => other?.readyState === 'open' && other.dispatchEvent(message));
  }

  close(): void {
    if (this.readyState === 'closed') return;
    this.readyState = 'closed';
    this.dispatchEvent(new Event('close'));
    this.other?.close();
  }
}

class FakeSender {
  track: FakeTrack | null;

  constructor(track: FakeTrack | null) {
    this.track = track;
  }

  async replaceTrack(track: FakeTrack | null): Promise<void> {
    this.track = track;
  }

  setStreams(): void {}

  getParameters(): { encodings: never[] } {
    return { encodings: [] };
  }

  async setParameters(): Promise<void> {}

  async getStats(): Promise<Map<string, unknown>> {
    return new Map();
  }
}

class FakeReceiver {
  readonly track: FakeTrack;

  constructor(kind: TrackKind) {
    this.track = new FakeTrack(kind);
  }

  getSynchronizationSources(): never[] {
    return [];
  }
}

interface FakeTransceiver {
  direction: RTCRtpTransceiverDirection;
  readonly sender: FakeSender;
  readonly receiver: FakeReceiver;
}

/**
 * As much of an `RTCPeerConnection` as connects with another one in the same page, once they have
 * exchanged offer and answer. It carries messages, and no media.
 */
export class FakePeerConnection extends EventTarget {
  connectionState: RTCPeerConnectionState = 'new';
  iceGatheringState: RTCIceGatheringState = 'complete';
  signalingState: RTCSignalingState = 'stable';
  localDescription: RTCSessionDescriptionInit | null = null;
  remoteDescription: RTCSessionDescriptionInit | null = null;
  readonly #id = String(++created);
  readonly #transceivers: FakeTransceiver[] = [];
  readonly #channels: FakeChannel[] = [];
  #peer: FakePeerConnection | undefined;

  constructor() {
    super();
    connections.set(this.#id, this);
  }

  /** Only channels that both sides make (`negotiated`). */
  createDataChannel(): FakeChannel {
    const channel = new FakeChannel();
    this.#channels.push(channel);
    return channel;
  }

  addTransceiver(trackOrKind: FakeTrack | TrackKind): FakeTransceiver {
    const [track, kind] =
      typeof trackOrKind === 'string' ? [null, trackOrKind] : [trackOrKind, trackOrKind.kind];
    const transceiver: FakeTransceiver = {
      direction: 'sendrecv',
      sender: new FakeSender(track),
      receiver: new FakeReceiver(kind),
    };
    this.#transceivers.push(transceiver);
    return transceiver;
  }

  getTransceivers(): FakeTransceiver[] {
    return [...this.#transceivers];
  }

  getSenders(): FakeSender[] {
    return this.#transceivers.map(({ sender }) => sender);
  }

  getReceivers(): FakeReceiver[] {
    return this.#transceivers.map(({ receiver }) => receiver);
  }

  async createOffer(): Promise<RTCSessionDescriptionInit> {
    return this.#describe('offer');
  }

  async createAnswer(): Promise<RTCSessionDescriptionInit> {
    return this.#describe('answer');
  }

  async setLocalDescription(description?: RTCSessionDescriptionInit): Promise<void> {
    const implied = this.signalingState === 'have-remote-offer' ? 'answer' : 'offer';
    this.localDescription = this.#describe(description?.type ?? implied);
    this.signalingState = this.localDescription.type === 'offer' ? 'have-local-offer' : 'stable';
    this.#meet();
  }

  async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    const [, id = ''] = /fake:(\d+)/.exec(description.sdp ?? '') ?? [];
    const peer = connections.get(id);
    if (!peer) throw new DOMException('Not of a fake connection.', 'OperationError');
    this.#peer = peer;
    for (const { receiver } of peer.#transceivers.slice(this.#transceivers.length)) {
      this.addTransceiver(receiver.track.kind);
    }
    this.remoteDescription = description;
    this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable';
    this.#meet();
  }

  async addIceCandidate(): Promise<void> {}

  setConfiguration(): void {}

  restartIce(): void {}

  async getStats(): Promise<Map<string, unknown>> {
    return new Map();
  }

  close(): void {
    connections.delete(this.#id);
    this.signalingState = 'closed';
    this.connectionState = 'closed';
    for (const channel of this.#channels) {
      const { other } = channel;
      channel.readyState = 'closed';
      void Promise.resolve().then(() => other?.close());
    }
  }

  #describe(type: RTCSdpType): RTCSessionDescriptionInit {
    return { type, sdp: `v=0\r\ns=fake:${this.#id}\r\n` };
  }

  /** Connects, where both sides have described themselves. */
  #meet(): void {
    const peer = this.#peer;
    const isReady = [this, peer].every(
      (side) =>
        side?.localDescription && side.remoteDescription && side.signalingState === 'stable',
    );
    if (!peer || !isReady || this.connectionState === 'connected') return;
    void Promise.resolve().then(() => {
      if (this.signalingState === 'closed' || peer.signalingState === 'closed') return;
      for (const side of [this, peer]) side.#become('connected');
      for (const [index, channel] of this.#channels.entries()) {
        const other = peer.#channels[index];
        if (!other) continue;
        channel.open(other);
        other.open(channel);
      }
    });
  }

  #become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.dispatchEvent(new Event('connectionstatechange'));
  }
}
