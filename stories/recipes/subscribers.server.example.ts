import { SignJWT } from 'jose';

/** Lets somebody see who subscribes to `topic`, and be seen there as `name`: Mercure 0.x. */
export function tokenFor(name: string, topic: string, key: Uint8Array): Promise<string> {
  const list = `/.well-known/mercure/subscriptions/${encodeURIComponent(topic)}`;
  const mercure = { subscribe: [list, `${list}/{subscriber}`], payload: { name } };
  return new SignJWT({ mercure })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('10 min')
    .sign(key);
}

/** The same for Mercure 1.0. The payload belongs to the topics beside it, so `topic` is one of them. */
export function accessTokenFor(name: string, topic: string, key: Uint8Array): Promise<string> {
  const list = `/.well-known/mercure/subscriptions/exact/${encodeURIComponent(topic)}`;
  const detail = {
    type: 'https://mercure.rocks/authorization-detail',
    actions: ['subscribe'],
    topics: [
      { match: topic },
      { match: list },
      { match: `${list}/:subscriber`, match_type: 'urlpattern' },
    ],
    payload: { name },
  };
  return new SignJWT({ authorization_details: [detail] })
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
    .setIssuer('https://localhost')
    .setAudience('https://localhost/.well-known/mercure')
    .setExpirationTime('10 min')
    .sign(key);
}
