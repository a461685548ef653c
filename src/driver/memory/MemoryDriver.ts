import { ConnectionDriver } from '../ConnectionDriver.js';
import type { DriverOptions } from '../options.js';
import { MemoryConnection } from './MemoryConnection.js';
import { MemoryHub } from './MemoryHub.js';

/**
 * A driver without a network: for tests, for demonstrations, and for peers in one page. It keeps
 * the whole contract; what is published arrives in a microtask, at its publisher too. The variables
 * of a URI Template match within one path segment; URL Patterns take the browser's `URLPattern`.
 *
 * @example
 * ```ts
 * const hub = new MemoryHub();
 * const [alice, bob] = [new MemoryDriver(hub), new MemoryDriver(hub)];
 * ```
 */
export class MemoryDriver extends ConnectionDriver {
  /**
   * @param hub What it talks through. Default: a hub of its own.
   * @param options As of every driver.
   */
  constructor(hub: MemoryHub = new MemoryHub(), options: DriverOptions = {}) {
    super(options, (owner) => new MemoryConnection(hub, owner));
  }
}
