'use client';

export type { Schema } from './schema.js';
export {
  SignalingProvider,
  useDriver,
  type BorrowingProviderProps,
  type OwningProviderProps,
  type SignalingProviderProps,
} from './SignalingProvider.js';
export { useConnection } from './useConnection.js';
export { usePublish } from './usePublish.js';
export type { Signal, UseSignalOptions } from './LatestSignal.js';
export { useSignal } from './useSignal.js';
export { useCall, type CallView, type UseCallOptions } from './useCall.js';
export { useLocalMedia, type LocalMedia } from './useLocalMedia.js';
