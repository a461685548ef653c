import type { ByteArray } from '../mercure/index.js';
import type { SignalEvent, SignalHandler } from './Driver.js';
import { SignalingError } from './SignalingError.js';

/** Calls a handler; reports what it throws, and what a promise it returns rejects with. */
export function callHandler(
  handler: SignalHandler,
  bytes: ByteArray,
  event: SignalEvent,
  topic: string,
  report: (error: SignalingError) => void,
): void {
  const fail = (cause: unknown): void => {
    const message = `A handler of "${topic}" threw. See the cause.`;
    report(new SignalingError('handler', message, { cause, topic }));
  };
  try {
    const result = handler(bytes, event) as Partial<PromiseLike<unknown>> | undefined;
    if (typeof result?.then === 'function') Promise.resolve(result).catch(fail);
  } catch (cause) {
    fail(cause);
  }
}
