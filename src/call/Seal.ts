import { encodeText, text } from '../driver/codec.js';
import { deriveBytes, deriveKey, importSecret, seal, unseal } from '../driver/sealing.js';
import { decodeBase64, encodeBase64 } from '../mercure/index.js';
import { toBase64Url } from './Identity.js';

const TAG_BYTES = 16;

/**
 * What a secret makes of a room: topics that nobody can guess, and a key for all that is published
 * there. Both come from the secret and the room by HKDF (RFC 5869); the key is for AES-GCM.
 */
export class Seal {
  /** Stands for the secret in the names of topics, and reveals nothing else of it. */
  readonly tag: string;
  readonly #key: CryptoKey;

  private constructor(tag: string, key: CryptoKey) {
    this.tag = tag;
    this.#key = key;
  }

  static async create(secret: string, room: string): Promise<Seal> {
    const base = await importSecret(encodeText(secret));
    const tag = await deriveBytes(base, room, 'react-signaling call topic', TAG_BYTES);
    const key = await deriveKey(base, room, 'react-signaling call key');
    return new Seal(toBase64Url(tag), key);
  }

  /** @param context What the text is bound to: it opens with the same one only. */
  async close(plain: string, context: string): Promise<string> {
    return encodeBase64(await seal(this.#key, encodeText(plain), context));
  }

  /** Rejects where it was not closed with the same secret, room and context. */
  async open(sealed: string, context: string): Promise<string> {
    return text.decode(await unseal(this.#key, decodeBase64(sealed), context));
  }
}
