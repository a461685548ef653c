import type { Connection } from './Driver.js';

/** How a driver stands that nobody uses. */
export const IDLE: Connection = {
  status: 'idle',
  error: undefined,
  attempt: 0,
  retryAt: undefined,
  queued: 0,
};
