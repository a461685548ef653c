import { SignJWT } from 'jose';

const key = new TextEncoder().encode(process.env.MERCURE_JWT_KEY);

/** What the route `/signaling-token` answers for the user who is logged in. */
export function tokenFor(userId: string): Promise<string> {
  return new SignJWT({
    mercure: {
      publish: ['https://example.com/rooms/{id}'],
      subscribe: ['https://example.com/rooms/{id}', `https://example.com/users/${userId}`],
    },
  })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('10 min')
    .sign(key);
}
