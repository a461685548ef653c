import { HubConnection } from './connection/HubConnection.js';
import { ConnectionDriver } from './ConnectionDriver.js';
import type { SseDriverOptions } from './options.js';

/**
 * Carries signals over a Mercure hub: Server-Sent Events in, POST out.
 *
 * It opens nothing until somebody subscribes, reconnects after every error that can pass, resumes
 * where it was, and delivers every update once and in order as far as the hub keeps ids and a
 * history.
 *
 * @example
 * ```ts
 * const driver = new SseDriver({ url: 'https://example.com/.well-known/mercure' });
 * await driver.subscribe('https://example.com/rooms/1', (bytes) => console.log(bytes));
 * await driver.publish('https://example.com/rooms/1', new TextEncoder().encode('hello'));
 * ```
 */
export class SseDriver extends ConnectionDriver {
  /** @throws {@link SignalingError} `usage` where a time in the options is no number. */
  constructor(options: SseDriverOptions = {}) {
    super(options, (owner) => new HubConnection(options, owner));
  }
}
