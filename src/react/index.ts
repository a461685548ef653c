'use client';

export type { Schema, ValueOptions } from '../driver/values.js';
export {
  SignalingProvider,
  useDriver,
  type BorrowingProviderProps,
  type OwningProviderProps,
  type SignalingProviderProps,
} from './SignalingProvider.js';
export { useConnection, type ConnectionView } from './useConnection.js';
export { usePresence, type PresenceView, type UsePresenceOptions } from './usePresence.js';
export { usePublish, type UsePublishOptions } from './usePublish.js';
export type { Signal } from './LatestSignal.js';
export type { UseSignalOptions } from './Listening.js';
export { useSignal } from './useSignal.js';
export type { Signals, UseSignalsOptions } from './SignalList.js';
export { useSignals, type SignalsView } from './useSignals.js';
export { useTyping, type TypingView, type UseTypingOptions } from './useTyping.js';
export type {
  BroadcastOptions,
  Member,
  PresenceOptions,
  PresenceState,
  StayOptions,
  TypingOptions,
  TypingState,
} from '../presence/index.js';
export type { CallView } from './call/CallView.js';
export { useCall, type UseCallOptions } from './call/useCall.js';
export {
  useCallMessages,
  type CallMessages,
  type UseCallMessagesOptions,
} from './call/useCallMessages.js';
export { useLocalMedia } from './call/useLocalMedia.js';
export { usePeerStats } from './call/usePeerStats.js';
export { useSpeaking } from './call/useSpeaking.js';
export type {
  CallMessage,
  LocalDevice,
  LocalDeviceStatus,
  LocalMedia,
  LocalMediaOptions,
  LocalScreen,
  Peer,
  PeerState,
  PeerStats,
  SendOptions,
} from '../call/index.js';
