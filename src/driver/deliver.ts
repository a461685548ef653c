import type { SignalEvent, SignalHandler } from './Driver.js';
import { SignalingError } from './SignalingError.js';

/** Calls every handler; one that throws is reported, and the others are served. */
export function deliver(
  handlers: Iterable<SignalHandler>,
  data: Uint8Array<ArrayBuffer>,
  event: SignalEvent,
  report: (error: SignalingError) => void,
): void {
  for (const handler of handlers) {
    try {
      handler(data, event);
    } catch (cause) {
      const { topic } = event;
      report(
        new SignalingError('handler', `A handler of "${topic}" threw. See the cause.`, {
          cause,
          topic,
        }),
      );
    }
  }
}
