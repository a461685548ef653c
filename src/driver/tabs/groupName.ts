import { encodeText } from '../codec.js';
import {
  readUrl,
  type Renewable,
  type SseDriverOptions,
  type TabsDriverOptions,
} from '../options.js';

/**
 * The name of the tabs that may share one connection: a digest of the hub's URL and of who they
 * are, so that no credential is ever part of a name in clear.
 *
 * @returns `undefined` where the browser lacks what sharing takes, which outside of a secure
 *   context all do.
 */
export async function groupName(options: TabsDriverOptions): Promise<string | undefined> {
  const { navigator, crypto, BroadcastChannel } = globalThis as Partial<typeof globalThis>;
  if (!navigator?.locks || !crypto?.subtle || !BroadcastChannel) return undefined;
  const { identity } = options;
  const who = identity === undefined ? await credentials(options) : { identity };
  const key = JSON.stringify([readUrl(options).href, who]);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', encodeText(key)));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0'));
  return `react-signaling:${hex.join('')}`;
}

/** All that a hub knows its client by, at this moment. */
async function credentials({ publisher, subscriber }: SseDriverOptions): Promise<unknown[]> {
  const [publishing, subscribing] = [await evaluate(publisher), await evaluate(subscriber)];
  return [
    [...new Headers(publishing?.headers)],
    publishing?.credentials ?? 'same-origin',
    [...new Headers(subscribing?.headers)],
    subscribing?.withCredentials ?? false,
  ];
}

function evaluate<Value>(option: Renewable<Value> | undefined): Value | Promise<Value> | undefined {
  return typeof option === 'function' ? (option as () => Value | Promise<Value>)() : option;
}
