'use client';

export { useOptimisticPublish, type UseOptimisticPublishOptions } from './useOptimisticPublish.js';
export {
  useSignalQuery,
  type SignalQueryKey,
  type UseSignalQueryOptions,
} from './useSignalQuery.js';
