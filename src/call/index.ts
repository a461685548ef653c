export { BUDGET } from './budget.js';
export {
  Call,
  MAX_PEERS,
  PEER_GRACE,
  type CallOptions,
  type CallRtc,
  type CallState,
} from './Call.js';
export type { CallMessage, SendOptions } from './CallMessage.js';
export type {
  LocalDevice,
  LocalDeviceStatus,
  LocalMedia,
  LocalMediaOptions,
  LocalScreen,
  LocalSpeaker,
  ProcessTrack,
} from './LocalMedia.js';
export { LocalMediaSource } from './LocalMediaSource.js';
export type { Peer, PeerState } from './Peer.js';
export { watchPeerStats, type PeerStats } from './PeerStats.js';
export type { SentDevice, SentMedia } from './SentMedia.js';
export { watchSpeaking, type Speakers } from './speaking.js';
