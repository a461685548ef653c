import {
  type MemoryDriver,
  SignalingProvider,
  SseDriver,
  type SignalingProviderProps,
} from '../../src/index.js';

declare const driver: MemoryDriver;
declare const getToken: () => Promise<string>;

const headers = { Authorization: 'Bearer token' };

/** What a provider takes. */
export const right = (
  <>
    <SignalingProvider />
    <SignalingProvider url="/.well-known/mercure" />
    <SignalingProvider url={new URL('https://example.com/hub')} />
    <SignalingProvider publisher={{ headers }} />
    <SignalingProvider publisher={{ headers: new Headers(headers), mode: 'cors' }} />
    <SignalingProvider subscriber={{ withCredentials: true, headers }} />
    <SignalingProvider publisher={() => ({ headers })} subscriber={() => ({ headers })} />
    <SignalingProvider
      publisher={async () => ({ headers: { Authorization: await getToken() } })}
      subscriber={async () => ({ headers: [['Authorization', await getToken()]] })}
    />
    <SignalingProvider encoding="text" protocol="1.0" multiplex="never" heartbeatTimeout={30_000} />
    <SignalingProvider timeout={1_000} retry={{ base: 100 }} fetch={fetch} />
    <SignalingProvider driver={driver} onError={(error) => error.code === 'unauthorized'} />
    <SignalingProvider driver={undefined} url="/hub" />
  </>
);

/** What it does not take. */
export const wrong = (
  <>
    {/* @ts-expect-error a driver that is borrowed has its own options */}
    <SignalingProvider driver={driver} url="/hub" />
    {/* @ts-expect-error a driver that is borrowed has its own credentials */}
    <SignalingProvider driver={driver} publisher={{ headers }} />
    {/* @ts-expect-error no driver */}
    <SignalingProvider driver={{}} />
    {/* @ts-expect-error a stream has no method */}
    <SignalingProvider subscriber={{ method: 'POST' }} />
    {/* @ts-expect-error no such encoding */}
    <SignalingProvider encoding="hex" />
    {/* @ts-expect-error no such protocol */}
    <SignalingProvider protocol="2.0" />
    {/* @ts-expect-error no such option */}
    <SignalingProvider uri="/hub" />
  </>
);

export const props: SignalingProviderProps[] = [{}, { driver }, { url: '/hub', children: null }];

/** The same options make a driver by hand. */
export const drivers = [
  new SseDriver(),
  new SseDriver({ url: '/hub' }),
  // A RequestInit without a subscriber.
  new SseDriver({
    url: '/hub',
    publisher: { headers: new Headers(headers) } satisfies RequestInit,
  }),
  new SseDriver({ url: '/hub', subscriber: { withCredentials: true } satisfies EventSourceInit }),
  new SseDriver({ publisher: async () => ({ headers: { Authorization: await getToken() } }) }),
  // @ts-expect-error a driver takes no children
  new SseDriver({ children: null }),
];
