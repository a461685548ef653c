import type { ByteArray } from '../mercure/index.js';
import { encodeText, json, type Codec } from './codec.js';
import { ReplayGuard } from './ReplayGuard.js';
import {
  concat,
  deriveBytes,
  deriveKey,
  importSecret,
  randomBytes,
  seal,
  unseal,
} from './sealing.js';
import { SignalingError } from './SignalingError.js';

/** A secret that people can say. */
export interface Passphrase {
  /** The words. Unicode is brought to one form (NFC). */
  readonly passphrase: string;
  /**
   * What makes the same words another secret elsewhere: the name of the application or of the room.
   * It need not be secret, and is the same for all who share the secret.
   */
  readonly salt: string;
}

/**
 * What {@link sealed} makes its key from: at least 16 random bytes, a `CryptoKey` for HKDF with the
 * usages `deriveKey` and `deriveBits`, or a passphrase.
 */
export type Secret = Uint8Array | CryptoKey | Passphrase;

// What is published: VERSION, the id of the key, the nonce, and what AES-GCM makes of the id of the
// publisher, the number of the signal and the bytes of `inner`.
const VERSION = 1;
const KEY_ID_BYTES = 8;
const PUBLISHER_BYTES = 16;
const NUMBER_BYTES = 8;
const HEADER_BYTES = 1 + KEY_ID_BYTES;
const PREFIX_BYTES = PUBLISHER_BYTES + NUMBER_BYTES;
/** A nonce and a tag. */
const SEAL_BYTES = 12 + 16;

const MIN_SECRET_BYTES = 16;
/**
 * For PBKDF2 with HMAC-SHA-256, by the OWASP
 * [Password Storage Cheat Sheet](https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#pbkdf2).
 */
const ITERATIONS = 600_000;

interface SealKey {
  /** Names the key, and reveals nothing of it. */
  readonly id: ByteArray;
  readonly key: CryptoKey;
}

/**
 * A codec that encrypts, so that the hub neither reads nor changes what it carries: AES-GCM with 256
 * bits, the key made of `secret` by HKDF-SHA-256
 * ([RFC 5869](https://www.rfc-editor.org/rfc/rfc5869)). A passphrase goes through 600,000 rounds of
 * PBKDF2 first. It takes the Web Crypto API, which browsers have in secure pages (https, localhost).
 *
 * Make it once, outside of components, for all topics that share the secret. `decode` rejects with a
 * {@link SignalingError}: `secret` where another secret was used, `tampered` where the signal was
 * changed or taken from another topic, `replayed` where this subscription has heard it before or has
 * since heard 1,000 later ones of its author, `decode` where it is not sealed, and `usage` where Web
 * Crypto is missing or the topic is not known: a subscription to several topics needs a hub that
 * names them. A subscription that begins later cannot know what others have heard.
 *
 * The hub still sees topics, times, sizes and types. Everybody with the secret can publish as
 * anybody. A signal is 61 bytes longer, and needs the encoding `base64`, the default.
 *
 * @param secret One, or several: the first one seals, all of them open. So a secret is replaced:
 *   `[old, new]` everywhere, then `[new, old]`, then `new`.
 * @param inner How a value becomes the bytes that are sealed. Default: {@link json}.
 * @throws {@link SignalingError} `usage` where a secret is none.
 *
 * @example
 * ```ts
 * const codec = sealed({ passphrase: 'correct horse battery staple', salt: 'my-app' });
 * const publish = usePublish(topic, { codec });
 * const { data } = useSignal(topic, { codec });
 * ```
 */
export function sealed<Value = any>(
  secret: Secret | readonly Secret[],
  inner: Codec<Value> = json,
): Codec<Value> {
  const secrets = Array.isArray(secret) ? (secret as readonly Secret[]) : [secret as Secret];
  if (secrets.length === 0) throw noSecret();
  const imports = secrets.map(toImport);
  const guards = new WeakMap<object, ReplayGuard>();
  let keys: Promise<SealKey[]> | undefined;
  let publisher: ByteArray | undefined;
  let number = 0;

  const openKeys = () =>
    (keys ??= Promise.all(imports.map(async (importSecret) => toSealKey(await importSecret()))));

  return {
    async encode(value, topic) {
      assertWebCrypto();
      publisher ??= randomBytes(PUBLISHER_BYTES);
      // Before anything is awaited, so that the numbers have the order of the calls.
      const prefix = concat(publisher, toBytes(++number));
      const [{ id, key }] = (await openKeys()) as [SealKey];
      const plain = concat(prefix, await inner.encode(value, topic));
      return concat(Uint8Array.of(VERSION, ...id), await seal(key, plain, toContext(topic)));
    },

    async decode(bytes, source) {
      const { topic, subscription } = source;
      assertWebCrypto();
      if (topic === undefined) throw unknownTopic();
      if (bytes[0] !== VERSION || bytes.length < HEADER_BYTES + PREFIX_BYTES + SEAL_BYTES) {
        throw new SignalingError('decode', `A signal on "${topic}" is not sealed.`, { topic });
      }
      const id = bytes.subarray(1, HEADER_BYTES);
      const known = (await openKeys()).find((each) => isEqual(each.id, id));
      if (!known) throw otherSecret(topic);
      const plain = await unseal(known.key, bytes.subarray(HEADER_BYTES), toContext(topic)).catch(
        () => Promise.reject(tampered(topic)),
      );
      const author = plain.subarray(0, PUBLISHER_BYTES);
      const count = toNumber(plain.subarray(PUBLISHER_BYTES, PREFIX_BYTES));
      const guard = guards.get(subscription) ?? new ReplayGuard();
      guards.set(subscription, guard);
      if (!guard.accept(`${author.join()} ${topic}`, count)) throw replayed(topic);
      return inner.decode(plain.slice(PREFIX_BYTES), source);
    },
  };
}

function assertWebCrypto(): void {
  if ((globalThis.crypto as Crypto | undefined)?.subtle) return;
  const message =
    'Sealing needs Web Crypto, which browsers give to secure pages only. Serve the page over https, or open it on localhost.';
  throw new SignalingError('usage', message);
}

/** Looks whether it is a secret, and returns what imports it. */
function toImport(secret: Secret): () => Promise<CryptoKey> {
  if (ArrayBuffer.isView(secret)) {
    if (secret.length < MIN_SECRET_BYTES) throw noSecret();
    const bytes = new Uint8Array(secret);
    return () => importSecret(bytes);
  }
  const { passphrase, salt } = (secret ?? {}) as Partial<Passphrase>;
  if (passphrase !== undefined) {
    if (typeof passphrase !== 'string' || passphrase === '' || typeof salt !== 'string') {
      throw noSecret();
    }
    return async () => importSecret(await stretch(passphrase, salt));
  }
  const { algorithm, usages } = (secret ?? {}) as Partial<CryptoKey>;
  const derives = usages?.includes('deriveKey') && usages.includes('deriveBits');
  if (algorithm?.name !== 'HKDF' || !derives) throw noSecret();
  return async () => secret as CryptoKey;
}

async function stretch(passphrase: string, salt: string): Promise<ByteArray> {
  const words = encodeText(passphrase.normalize('NFC'));
  const base = await crypto.subtle.importKey('raw', words, 'PBKDF2', false, ['deriveBits']);
  const rounds = {
    name: 'PBKDF2',
    hash: 'SHA-256',
    salt: encodeText(salt),
    iterations: ITERATIONS,
  };
  return new Uint8Array(await crypto.subtle.deriveBits(rounds, base, 256));
}

async function toSealKey(secret: CryptoKey): Promise<SealKey> {
  return {
    id: await deriveBytes(secret, '', 'react-signaling sealed id', KEY_ID_BYTES),
    key: await deriveKey(secret, '', 'react-signaling sealed key'),
  };
}

/** What a signal is bound to. */
function toContext(topic: string): string {
  return `react-signaling sealed\n${topic}`;
}

function toBytes(number: number): ByteArray {
  const bytes = new Uint8Array(NUMBER_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(number));
  return bytes;
}

function toNumber(bytes: ByteArray): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0));
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((byte, index) => byte === b[index]);
}

function noSecret(): SignalingError {
  const message =
    'A secret is at least 16 random bytes, a CryptoKey for HKDF with the usages deriveKey and deriveBits, or { passphrase, salt }; sealed() takes one of these, or a list.';
  return new SignalingError('usage', message);
}

function unknownTopic(): SignalingError {
  const message =
    'A sealed signal opens on its topic only, and this hub does not name the topics of its updates. Give each topic a subscription of its own.';
  return new SignalingError('usage', message);
}

function otherSecret(topic: string): SignalingError {
  const message = `A signal on "${topic}" is sealed with another secret. Give \`sealed\` the secret its publisher has.`;
  return new SignalingError('secret', message, { topic });
}

function tampered(topic: string): SignalingError {
  const message = `A signal on "${topic}" was changed after it was sealed, or was published to another topic.`;
  return new SignalingError('tampered', message, { topic });
}

function replayed(topic: string): SignalingError {
  const message = `An old signal was published to "${topic}" again, and not by its author.`;
  return new SignalingError('replayed', message, { topic });
}
