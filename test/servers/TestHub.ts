import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT } from 'jose';
import { createHub, toNodeHandler, type HubOptions } from '../../src/hub/index.js';
import { HUB_PATH, type ProtocolVersion } from '../../src/mercure/index.js';
import { DEMO_KEY, startMercure } from './mercure.js';

/** A hub that tests can take away and bring back. Subscribers need no token, publishers do. */
export interface TestHub {
  readonly url: string;
  /** Whether it has the clock of this process. */
  readonly inProcess: boolean;
  /**
   * Whether a `gap` can be the truth: a stream has no cursor before its first signal, and after a
   * restart the hub resumes nothing.
   */
  readonly hasTrueGaps: boolean;
  /** Headers with a token for everything, which lives so many seconds. Default: an hour. */
  authorize(lifetime?: number): Promise<Record<string, string>>;
  /** Ends it at once, as a crash does. */
  stop(): Promise<void>;
  /** Brings it back where it was, with the history it had. */
  start(): Promise<void>;
  /** Leaves nothing behind. */
  close(): Promise<void>;
}

export interface TestHubOptions {
  /** How many updates it remembers; 0 for all. Default: 9,000, which Mercure can still search. */
  historySize?: number;
  /**
   * Sends a heartbeat every 40 seconds of a clock so many times as fast, which a hub of another
   * process does not have by itself. Default: 1.
   */
  clock?: number;
  /** The origin whose pages may use it. Default: none. */
  origin?: string;
}

/** Mercure 0.24 looks for a cursor among the oldest 10,000 updates of its history, and no further. */
const SEARCHABLE = 9_000;

/** Opens one of a kind of hub. */
export type OpenHub = (options?: TestHubOptions) => Promise<TestHub>;

/** The embedded hub, over real HTTP. */
export function embedded(options: HubOptions & { protocol: ProtocolVersion }): OpenHub {
  return async ({ historySize = SEARCHABLE, origin } = {}) => {
    const key = options.openToAll ? undefined : { key: DEMO_KEY };
    const hub = createHub({
      publisherJwt: key,
      subscriberJwt: key,
      anonymous: true,
      history: historySize,
      corsOrigins: origin ? [origin] : [],
      writeTimeout: 0,
      ...options,
    });
    let server = createServer();
    let port = 0;

    async function start(): Promise<void> {
      server = createServer(toNodeHandler(hub)).listen(port, '127.0.0.1');
      await once(server, 'listening');
      ({ port } = server.address() as AddressInfo);
    }
    async function stop(): Promise<void> {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    }
    await start();
    return {
      url: `http://127.0.0.1:${port}${HUB_PATH}`,
      inProcess: true,
      hasTrueGaps: false,
      authorize: async (lifetime) => (key ? authorize(options.protocol, lifetime) : {}),
      start,
      stop,
      async close() {
        await stop();
        await hub.close();
      },
    };
  };
}

/** A real Mercure hub. */
export function mercure(version: ProtocolVersion, binary: string): OpenHub {
  return async ({ historySize = SEARCHABLE, clock = 1, origin } = {}) => {
    const heartbeat = 40_000 / clock;
    const hub = await startMercure({ binary, version, historySize, heartbeat, origin });
    // Seen on 1.0.0-alpha.3 with Bolt: the sequence of its history begins at 0 again.
    const hasTrueGaps = version === '1.0';
    return {
      ...hub,
      inProcess: false,
      hasTrueGaps,
      authorize: (lifetime) => authorize(version, lifetime),
    };
  };
}

/** For jose, whose `Uint8Array` is in jsdom another one than that of `TextEncoder`. */
export const KEY = Uint8Array.from(new TextEncoder().encode(DEMO_KEY));

const EVERYTHING = [
  {
    type: 'https://mercure.rocks/authorization-detail',
    actions: ['publish', 'subscribe'],
    topics: [{ match: '*' }],
  },
];

async function authorize(version: ProtocolVersion, lifetime = 3600) {
  const claims =
    version === '0.x'
      ? new SignJWT({ mercure: { publish: ['*'], subscribe: ['*'] } }).setProtectedHeader({
          alg: 'HS256',
        })
      : new SignJWT({ authorization_details: EVERYTHING })
          .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
          .setIssuer('https://localhost')
          .setAudience(`https://localhost${HUB_PATH}`);
  const expiresAt = Math.floor(Date.now() / 1000) + lifetime;
  const token = await claims.setExpirationTime(expiresAt).sign(KEY);
  return { Authorization: `Bearer ${token}` };
}
