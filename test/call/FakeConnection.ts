import { vi } from 'vitest';

/** As much of an RTCPeerConnection as it takes to say how the network is. */
export class FakeConnection {
  static readonly all: FakeConnection[] = [];
  connectionState: RTCPeerConnectionState = 'new';
  signalingState = 'stable';
  iceGatheringState = 'complete';
  currentLocalDescription = null;
  pendingLocalDescription = null;
  readonly added: MediaStreamTrack[] = [];
  readonly restartIce = vi.fn();
  onconnectionstatechange: (() => void) | undefined;

  constructor(readonly configuration?: RTCConfiguration) {
    FakeConnection.all.push(this);
  }

  static install(): void {
    FakeConnection.all.length = 0;
    vi.stubGlobal('RTCPeerConnection', FakeConnection);
    vi.stubGlobal('MediaStream', vi.fn());
  }

  become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }

  createDataChannel(): EventTarget {
    return new EventTarget();
  }

  getTransceivers(): { sender: { track: MediaStreamTrack }; currentDirection: string }[] {
    return [];
  }

  addTrack(track: MediaStreamTrack): void {
    this.added.push(track);
  }

  close(): void {
    this.signalingState = 'closed';
  }
}
