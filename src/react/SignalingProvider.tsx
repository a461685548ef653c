'use client';

import {
  createContext,
  useContext,
  useEffect,
  useMemo,
  useReducer,
  type ReactElement,
  type ReactNode,
} from 'react';
import { SignalingError, SseDriver, type Driver, type SseDriverOptions } from '../driver/index.js';
import { LINGER, Topics } from './Topics.js';
import { useLatest } from './useLatest.js';

interface CommonProps {
  children?: ReactNode;
  /**
   * Hears what went wrong and nobody was told: a subscription that is refused, an update that does
   * not decode, a handler that throws. Default: the page's own error report (`reportError`).
   */
  onError?: ((error: SignalingError) => void) | undefined;
}

/** A provider that owns its driver: the options are those of {@link SseDriver}. */
export interface OwningProviderProps extends CommonProps, SseDriverOptions {
  driver?: undefined;
}

/** A provider that borrows a driver, and never destroys it. */
export interface BorrowingProviderProps extends CommonProps {
  driver: Driver;
}

export type SignalingProviderProps = OwningProviderProps | BorrowingProviderProps;

const TopicsContext = createContext<Topics | undefined>(undefined);

/**
 * Gives the hooks below it their driver: its own {@link SseDriver}, or the one it is handed.
 *
 * Its own is made once per mount and `url`. `publisher` and `subscriber` are read anew for every
 * request, so new values are used from then on without reconnecting; the other options hold as they
 * were at first. Nothing is opened until somebody listens, nothing at all on a server. After
 * unmounting, what was already published goes out, then the driver is destroyed.
 *
 * @example
 * ```tsx
 * <SignalingProvider
 *   url="https://example.com/.well-known/mercure"
 *   publisher={{ headers: { Authorization: `Bearer ${token}` } }}
 * >
 *   <App />
 * </SignalingProvider>
 * ```
 */
export function SignalingProvider(props: SignalingProviderProps): ReactElement {
  const { children, driver: borrowed, onError = reportToPage, ...options } = props;
  const owned = useOwnDriver(borrowed ? undefined : options);
  const driver = borrowed ?? owned!;
  const latestOnError = useLatest(onError);
  const topics = useMemo(
    () => new Topics(driver, (error) => latestOnError.current(error)),
    [driver, latestOnError],
  );
  useEffect(() => {
    driver.on('error', topics.hear);
    return () => driver.off('error', topics.hear);
  }, [driver, topics]);
  return <TopicsContext.Provider value={topics}>{children}</TopicsContext.Provider>;
}

/** @internal The topics of the provider above. */
export function useTopics(hook: string): Topics {
  const topics = useContext(TopicsContext);
  if (!topics) {
    throw new SignalingError(
      'usage',
      `${hook} needs a <SignalingProvider> above the component that calls it.`,
    );
  }
  return topics;
}

/**
 * The driver of the provider above, for what the hooks do not cover.
 *
 * @throws {@link SignalingError} `usage` where there is no provider.
 */
export function useDriver(): Driver {
  return useTopics('useDriver').driver;
}

function useOwnDriver(options: SseDriverOptions | undefined): Driver | undefined {
  const latest = useLatest(options);
  const [generation, renew] = useReducer((count: number) => count + 1, 0);
  const url = options && String(options.url);
  const lease = useMemo(
    () => (url === undefined ? undefined : new Lease(withLatestCredentials(latest, options!))),
    // A new driver for a new url, and where the last one was destroyed; no other option makes one.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [url, generation, latest],
  );
  useEffect(() => {
    if (lease?.ended) return renew();
    return lease?.hold();
  }, [lease]);
  return lease?.driver;
}

/** A driver that is destroyed a moment after nobody holds it: StrictMode lets go and holds again. */
class Lease {
  readonly driver: Driver;
  ended = false;
  #ending: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SseDriverOptions) {
    this.driver = new SseDriver(options);
  }

  hold(): () => void {
    clearTimeout(this.#ending);
    return () => {
      this.#ending = setTimeout(this.#endOnceSent, LINGER);
    };
  }

  readonly #endOnceSent = (): void => {
    const { driver } = this;
    if (driver.connection.queued > 0) {
      this.#ending = setTimeout(this.#endOnceSent, LINGER);
      return;
    }
    this.ended = true;
    driver.destroy();
  };
}

function withLatestCredentials(
  latest: { readonly current: SseDriverOptions | undefined },
  options: SseDriverOptions,
): SseDriverOptions {
  return {
    ...options,
    get publisher() {
      return latest.current?.publisher;
    },
    get subscriber() {
      return latest.current?.subscriber;
    },
  };
}

function reportToPage(error: SignalingError): void {
  if (typeof reportError === 'function') reportError(error);
  // oxlint-disable-next-line no-console -- where there is no page, this is where errors go
  else console.error(error);
}
