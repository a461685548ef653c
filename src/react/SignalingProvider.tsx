'use client';

import {
  createContext,
  useContext,
  useEffect,
  useMemo,
  useReducer,
  useRef,
  type ReactElement,
  type ReactNode,
} from 'react';
import { SignalingError, SseDriver, type Driver, type SseDriverOptions } from '../driver/index.js';
import { LINGER, Topics, type HookDefaults } from './Topics.js';
import { useLatest } from './useLatest.js';

interface CommonProps extends HookDefaults {
  /** The components that use the hooks. */
  children?: ReactNode;
  /**
   * Called for every error that no promise reported: a subscription that is refused, an update that
   * does not decode, a handler that throws. Default: the page's own error report (`reportError`).
   */
  onError?: ((error: SignalingError) => void) | undefined;
}

/** A provider that owns its driver: the options are those of {@link SseDriver}. */
export interface OwningProviderProps extends CommonProps, SseDriverOptions {
  /** None: the provider makes its own. */
  driver?: undefined;
}

/** A provider that borrows a driver, and never destroys it. */
export interface BorrowingProviderProps extends CommonProps {
  /** The driver to borrow. Make it outside of components, or in a `useState` initializer. */
  driver: Driver;
}

/** Props of {@link SignalingProvider}. */
export type SignalingProviderProps = OwningProviderProps | BorrowingProviderProps;

const TopicsContext = createContext<Topics | undefined>(undefined);

/**
 * Gives the hooks below it their driver: its own {@link SseDriver}, or the one it is handed.
 *
 * Its own is made once per mount and `url`. `publisher` and `subscriber` are read for every request,
 * so new values are used from then on without reconnecting; after a login or logout, call
 * `reconnect()` of {@link useConnection}. The other options of the driver hold as they were at
 * first. Nothing is opened until a component listens, nothing at all on a server. After unmounting,
 * what was already published goes out, then the driver is destroyed.
 *
 * `codec`, `schema` and `encoding` are the defaults of the hooks.
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
  const { children, driver: borrowed, codec, schema, onError = reportToPage, ...options } = props;
  const owned = useOwnDriver(borrowed ? undefined : options);
  const driver = borrowed ?? owned!;
  const latestOnError = useLatest(onError);
  const defaults = useLatest<HookDefaults>({ codec, schema, encoding: options.encoding });
  const topics = useMemo(
    () => new Topics(driver, defaults, (error) => latestOnError.current(error)),
    [driver, defaults, latestOnError],
  );
  useEffect(() => {
    driver.on('error', topics.report);
    return () => driver.off('error', topics.report);
  }, [driver, topics]);
  useWarningOfNewDrivers(driver);
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
    // A new driver for a new url, and where the last one was destroyed.
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- not for new `options`, which may be written inline: credentials are read from `latest`, the rest holds for the life of a driver
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

/** More drivers than this within ten seconds are made by mistake. */
const MANY_DRIVERS = 3;

/** Warns once, in development, where every render makes a new driver. */
function useWarningOfNewDrivers(driver: Driver): void {
  const recent = useRef<{ driver: Driver; at: number }[]>([]);
  useEffect(() => {
    if (!isDevelopment() || recent.current.length > MANY_DRIVERS) return;
    const now = Date.now();
    recent.current = [...recent.current.filter(({ at }) => now - at < 10_000), { driver, at: now }];
    if (recent.current.length <= MANY_DRIVERS) return;
    console.warn(
      `SignalingProvider got ${recent.current.length} drivers or urls within seconds, each of which connects anew. Make the driver outside of the component (or in a useState initializer), and give the same url at every render.`,
    );
  }, [driver]);
}

function isDevelopment(): boolean {
  try {
    // A bundler puts a string here.
    return process.env.NODE_ENV !== 'production';
  } catch {
    return false;
  }
}

function reportToPage(error: SignalingError): void {
  if (typeof reportError === 'function') reportError(error);
  // Where there is no page, as on a server.
  else console.error(error);
}
