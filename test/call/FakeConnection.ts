import { webcrypto } from 'node:crypto';
import { vi } from 'vitest';
import { LINES } from '../../src/call/SentMedia.js';

class FakeChannel extends EventTarget {
  readyState = 'connecting';
  readonly sent: any[] = [];

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
}

class FakeTransceiver {
  direction = 'sendrecv';
  readonly receiver;
  readonly sender = {
    track: null as MediaStreamTrack | null,
    replaceTrack: async (track: MediaStreamTrack | null) => {
      this.sender.track = track;
    },
    setStreams: () => {},
    getParameters: () => ({ encodings: [] }),
  };

  constructor(track: MediaStreamTrack | string) {
    this.receiver = { track: { kind: typeof track === 'string' ? track : track.kind } };
    if (typeof track === 'object') this.sender.track = track;
  }
}

/**
 * As much of an RTCPeerConnection as a link uses, in the state that the test says: for a link alone,
 * without a peer. (Those of `createFakeMedia` find their peer, and are connected.)
 */
export class FakeConnection extends EventTarget {
  static readonly all: FakeConnection[] = [];
  connectionState: RTCPeerConnectionState = 'new';
  signalingState = 'stable';
  iceGatheringState = 'complete';
  localDescription: { type: string; sdp: string } | null = null;
  remoteDescription: object | null = null;
  readonly channel = new FakeChannel();
  readonly transceivers: FakeTransceiver[] = [];

  constructor(readonly configuration?: RTCConfiguration) {
    super();
    FakeConnection.all.push(this);
  }

  /** Puts it, and what else jsdom lacks for a link, in the place of the real ones. */
  static install(): void {
    FakeConnection.all.length = 0;
    vi.stubGlobal('RTCPeerConnection', FakeConnection);
    vi.stubGlobal(
      'MediaStream',
      class {
        addTrack(): void {}
      },
    );
    vi.stubGlobal('crypto', webcrypto);
  }

  become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    if (state === 'connected') this.channel.readyState = 'open';
    this.dispatchEvent(new Event('connectionstatechange'));
  }

  /** The peer sends over the channel. */
  hear(message: object): void {
    this.channel.dispatchEvent(
      Object.assign(new Event('message'), { data: JSON.stringify(message) }),
    );
  }

  createDataChannel = () => this.channel;

  addTransceiver(track: MediaStreamTrack | string): void {
    this.transceivers.push(new FakeTransceiver(track));
  }

  getTransceivers = () => this.transceivers;
  getSenders = () => this.transceivers.map(({ sender }) => sender);

  createOffer = vi.fn(async (_options?: RTCOfferOptions) => ({ type: 'offer', sdp: 'v=0' }));
  setConfiguration = vi.fn();

  async setLocalDescription(description?: { type: string; sdp: string }): Promise<void> {
    const implied = this.signalingState === 'have-remote-offer' ? 'answer' : 'offer';
    this.localDescription = description ?? { type: implied, sdp: 'v=0' };
    this.signalingState = this.localDescription.type === 'offer' ? 'have-local-offer' : 'stable';
  }

  async setRemoteDescription(description: { type: string }): Promise<void> {
    this.remoteDescription = description;
    const isOffer = description.type === 'offer';
    this.signalingState = isOffer ? 'have-remote-offer' : 'stable';
    if (isOffer && this.transceivers.length === 0)
      for (const kind of LINES) this.addTransceiver(kind);
  }

  /** The connection breaks: its channel is closed, too, and opens no more. */
  break(): void {
    this.become('failed');
    this.channel.readyState = 'closed';
    this.channel.dispatchEvent(new Event('close'));
  }

  close(): void {
    this.signalingState = 'closed';
    this.connectionState = 'closed';
    this.channel.readyState = 'closed';
  }
}
