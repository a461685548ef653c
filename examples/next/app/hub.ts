import { SignJWT } from 'jose';

export const TOPIC = 'https://example.com/chat';

/** The address of the hub, as pages and this server reach it. */
export const HUB_URL = process.env.HUB_URL ?? 'http://localhost:8080/.well-known/mercure';

/** A token to publish and subscribe on the topic, for ten minutes. */
export function createToken(): Promise<string> {
  const key = process.env.MERCURE_JWT_KEY;
  if (!key) throw new Error('Set MERCURE_JWT_KEY to the key that the hub verifies tokens with.');
  return new SignJWT({ mercure: { publish: [TOPIC], subscribe: [TOPIC] } })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('10 minutes')
    .sign(new TextEncoder().encode(key));
}
