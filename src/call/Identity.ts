import type { ByteArray } from '../driver/index.js';
import { encodeText } from '../driver/codec.js';
import { decodeBase64, encodeBase64 } from '../mercure/index.js';

const KEY = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' };

/** A text, who signed it, and the proof. */
export interface SignedText {
  /** The public key of who signed, raw and in base64. */
  readonly key: string;
  readonly text: string;
  /** In base64. */
  readonly signature: string;
}

/**
 * A key pair made for one visit (Web Crypto, ECDSA with P-256). The id is the hash of the public
 * key, so nobody can speak for an id without its private key, which never leaves the page.
 */
export class Identity {
  readonly id: string;
  readonly #publicKey: string;
  readonly #privateKey: CryptoKey;

  private constructor(id: string, publicKey: string, privateKey: CryptoKey) {
    this.id = id;
    this.#publicKey = publicKey;
    this.#privateKey = privateKey;
  }

  static async create(): Promise<Identity> {
    const { publicKey, privateKey } = await crypto.subtle.generateKey(KEY, false, ['sign']);
    const raw = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
    return new Identity(await idOf(raw), encodeBase64(raw), privateKey);
  }

  /** @param context What the text is bound to: it is signed too, and not sent. */
  async sign(text: string, context: string): Promise<SignedText> {
    const signature = await crypto.subtle.sign(SIGNATURE, this.#privateKey, bind(text, context));
    return { key: this.#publicKey, text, signature: encodeBase64(new Uint8Array(signature)) };
  }
}

/** The id of who signed; `undefined` where the signature is not theirs, or for another context. */
export async function verify(
  { key, text, signature }: SignedText,
  context: string,
): Promise<string | undefined> {
  try {
    const raw = decodeBase64(key);
    const publicKey = await crypto.subtle.importKey('raw', raw, KEY, false, ['verify']);
    const proof = decodeBase64(signature);
    const valid = await crypto.subtle.verify(SIGNATURE, publicKey, proof, bind(text, context));
    return valid ? await idOf(raw) : undefined;
  } catch {
    return undefined;
  }
}

/** 128 bits of the key's SHA-256 in base64url, safe in any topic. */
async function idOf(publicKey: ByteArray): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', publicKey));
  return toBase64Url(hash.subarray(0, 16));
}

/** Base64 with the URL alphabet and no padding (RFC 4648 §5). */
export function toBase64Url(bytes: Uint8Array): string {
  return encodeBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function bind(text: string, context: string): ByteArray {
  return encodeText(`${context}\n${text}`);
}
