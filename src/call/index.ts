export { Call, PEER_GRACE, type CallOptions, type CallState } from './Call.js';
export { LocalMediaSource, type LocalMediaState } from './LocalMediaSource.js';
export type { Peer, PeerState } from './PeerLink.js';
