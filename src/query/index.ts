'use client';

export type { SignalQueryKey, UseSignalQueryOptions } from './options.js';
export { useOptimisticPublish, type UseOptimisticPublishOptions } from './useOptimisticPublish.js';
export { useSignalQuery } from './useSignalQuery.js';
