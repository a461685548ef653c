export { CallControls, type CallControlsProps } from './CallControls.js';
export { ConnectionStatus, type ConnectionStatusProps } from './ConnectionStatus.js';
export { VideoCall, type VideoCallProps } from './VideoCall.js';
export { VideoTile, type VideoTileProps } from './VideoTile.js';
