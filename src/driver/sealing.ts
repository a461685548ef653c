import type { ByteArray } from '../mercure/index.js';
import { encodeText } from './codec.js';

/** AES-GCM takes 96 random bits for each message (NIST SP 800-38D §8.2.2). */
const NONCE_BYTES = 12;

/** Random bytes. */
export function randomBytes(length: number): ByteArray {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** A secret, as the base of keys that are derived by HKDF. */
export function importSecret(secret: ByteArray): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits', 'deriveKey']);
}

/** Bits that a secret makes of `salt` and `info` by HKDF (RFC 5869) with SHA-256. */
export async function deriveBytes(
  secret: CryptoKey,
  salt: string,
  info: string,
  length: number,
): Promise<ByteArray> {
  return new Uint8Array(await crypto.subtle.deriveBits(hkdf(salt, info), secret, length * 8));
}

/** The key for AES-GCM with 256 bits that a secret makes of `salt` and `info`, likewise. */
export function deriveKey(secret: CryptoKey, salt: string, info: string): Promise<CryptoKey> {
  const aes = { name: 'AES-GCM', length: 256 };
  return crypto.subtle.deriveKey(hkdf(salt, info), secret, aes, false, ['encrypt', 'decrypt']);
}

/**
 * Encrypts: a random nonce, and what AES-GCM makes of `plain`.
 *
 * @param context What it is bound to: it opens with the same one only.
 */
export async function seal(key: CryptoKey, plain: ByteArray, context: string): Promise<ByteArray> {
  const iv = randomBytes(NONCE_BYTES);
  const cipher = { name: 'AES-GCM', iv, additionalData: encodeText(context) };
  return concat(iv, new Uint8Array(await crypto.subtle.encrypt(cipher, key, plain)));
}

/** Decrypts. Rejects where it was not sealed with the same key and context. */
export async function unseal(
  key: CryptoKey,
  sealed: ByteArray,
  context: string,
): Promise<ByteArray> {
  const iv = sealed.subarray(0, NONCE_BYTES);
  const cipher = { name: 'AES-GCM', iv, additionalData: encodeText(context) };
  return new Uint8Array(await crypto.subtle.decrypt(cipher, key, sealed.subarray(NONCE_BYTES)));
}

/** The bytes of both, one after the other. */
export function concat(first: Uint8Array, second: Uint8Array): ByteArray {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}

function hkdf(salt: string, info: string) {
  return { name: 'HKDF', hash: 'SHA-256', salt: encodeText(salt), info: encodeText(info) };
}
