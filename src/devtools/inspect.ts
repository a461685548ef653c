import type { Driver } from '../driver/index.js';
import { InspectedDriver } from './InspectedDriver.js';

/**
 * Lets the devtools look at a driver, and break it. Give the result to the provider and to
 * {@link SignalingDevtools}.
 *
 * @param driver Any driver. It stays the caller's: `destroy()` of the result destroys it.
 *
 * @example
 * ```tsx
 * const driver = inspect(new SseDriver({ url }));
 * <SignalingProvider driver={driver}>…<SignalingDevtools driver={driver} /></SignalingProvider>
 * ```
 */
export function inspect(driver: Driver): InspectedDriver {
  return new InspectedDriver(driver);
}
