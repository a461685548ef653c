import { ConnectionDriver } from '../ConnectionDriver.js';
import type { TabsDriverOptions } from '../options.js';
import { SharedConnection } from './SharedConnection.js';

/**
 * An {@link SseDriver} whose tabs share one connection: of all tabs of an origin with the same hub
 * and the same credentials one holds the streams and publishes for all. Tabs with other credentials
 * never hear each other. Where that tab is closed, crashes or freezes, another goes on from where it
 * was: no signal is lost or doubled, as far as the hub keeps ids and a history.
 *
 * Credentials are looked at once, when it is first used, to find the tabs that may share; what a
 * function returns later is used by the tab that leads, for all. A publish with `keepalive` goes out
 * from its own tab.
 *
 * It takes the [Web Locks API](https://www.w3.org/TR/web-locks/), `BroadcastChannel` and
 * `crypto.subtle`, which browsers have in secure contexts (https, or localhost). Where one of them
 * is missing a tab is alone, and does what an {@link SseDriver} does.
 *
 * @example
 * ```tsx
 * const driver = new TabsDriver({ url: 'https://example.com/.well-known/mercure' });
 * <SignalingProvider driver={driver}>…</SignalingProvider>
 * ```
 */
export class TabsDriver extends ConnectionDriver {
  /** @throws {@link SignalingError} `usage` where a time in the options is no number. */
  constructor(options: TabsDriverOptions = {}) {
    super(options, (owner) => new SharedConnection(options, owner));
  }
}
