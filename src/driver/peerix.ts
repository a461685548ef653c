import type { Bytes, Driver, SignalHandler } from './Driver.js';

/** A driver as a Peerix `Room` takes it: topics are namespaces, such as `['room-id', 'peer-id']`. */
export interface PeerixDriver extends Pick<Driver, 'active' | 'on' | 'off' | 'destroy'> {
  /** Calls `handler` with every signal on this namespace. */
  subscribe(namespace: readonly string[], handler: SignalHandler): Promise<void>;
  /** Ends what `subscribe()` began, for all handlers where none is given. */
  unsubscribe(namespace: readonly string[], handler?: SignalHandler): Promise<void>;
  /** Publishes to this namespace. */
  publish(namespace: readonly string[], data: Bytes): Promise<void>;
}

/**
 * Puts a driver below a Peerix `Room`. As in Peerix' own drivers, the last part of a namespace is
 * the topic: it is unique by itself.
 *
 * @example
 * ```ts
 * const room = new Room({ driver: toPeerixDriver(new SseDriver()) });
 * ```
 */
export function toPeerixDriver(driver: Driver): PeerixDriver {
  const topicOf = (namespace: readonly string[]): string => namespace.at(-1) ?? '';
  return {
    get active() {
      return driver.active;
    },
    subscribe: (namespace, handler) => driver.subscribe(topicOf(namespace), handler),
    unsubscribe: (namespace, handler) => driver.unsubscribe(topicOf(namespace), handler),
    publish: (namespace, data) => driver.publish(topicOf(namespace), data),
    on: (event, listener) => driver.on(event, listener),
    off: (event, listener) => driver.off(event, listener),
    destroy: () => driver.destroy(),
  };
}
