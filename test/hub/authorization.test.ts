// @vitest-environment node
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair } from 'jose';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createHub, type HubOptions } from '../../src/hub/index.js';
import { hubFor } from './hubs.js';
import {
  accessToken,
  AUDIENCE,
  bearer,
  DEMO_KEY,
  DEMO_TOKEN,
  inSeconds,
  ISSUER,
  legacyToken,
  publish,
  sign,
  subscribe,
  until,
} from './client.js';

const key = { key: DEMO_KEY, algorithm: 'HS256' };
const locked: HubOptions = { publisherJwt: key, subscriberJwt: key };
const strict: HubOptions = { ...locked, protocol: '1.0', issuer: ISSUER, audience: AUDIENCE };

const everything = { actions: ['publish', 'subscribe'], topics: [{ match: '*' }] };
/** The claims of the token of the protocol's conformance suite. */
const conformance = () =>
  accessToken([
    { actions: ['publish'], topics: [{ match: '*' }] },
    { actions: ['subscribe'], topics: [{ match: '*' }] },
  ]);

const statusOf = async (url: string, query: string, token?: string) => {
  const abort = new AbortController();
  const init = { headers: bearer(token), signal: abort.signal };
  const { status } = await fetch(`${url}?${query}`, init);
  abort.abort();
  return status;
};

it('wants a token from publishers and subscribers where it is not open', async () => {
  const { url } = await hubFor(locked);
  const publishing = await publish(url, { topic: 'a' });
  expect(publishing.status).toBe(401);
  expect(publishing.headers.get('WWW-Authenticate')).toBe('Bearer');
  expect(await statusOf(url, 'topic=a')).toBe(401);
});

it('asks for the token before it looks at the parameters', async () => {
  const { url } = await hubFor(locked);
  expect(await statusOf(url, '')).toBe(401);
  expect(await statusOf(url, '', DEMO_TOKEN)).toBe(400);
  expect((await publish(url, {})).status).toBe(401);
});

it('takes the demo token of the driver’s document', async () => {
  const { url } = await hubFor(locked);
  const stream = await subscribe(url, { topic: 'a' }, { headers: bearer(DEMO_TOKEN) });
  expect((await publish(url, { topic: 'a', data: 'x', private: 'on' }, DEMO_TOKEN)).status).toBe(
    200,
  );
  await until(() => expect(stream.data).toEqual(['x']));
});

it('takes both shapes of a token, with the issuer and audience it was given', async () => {
  const { url } = await hubFor({ ...locked, issuer: ISSUER, audience: AUDIENCE });
  const claims = { iss: ISSUER, aud: AUDIENCE };
  const older = await legacyToken({ publish: ['*'] }, claims);
  expect((await publish(url, { topic: 'a' }, older)).status).toBe(200);
  expect((await publish(url, { topic: 'a' }, await conformance())).status).toBe(200);
  for (const wrong of [{ iss: undefined }, { aud: undefined }, { iss: 'https://elsewhere' }]) {
    const token = await legacyToken({ publish: ['*'] }, { ...claims, ...wrong });
    expect((await publish(url, { topic: 'a' }, token)).status).toBe(401);
  }
});

it.each([
  ['no type', () => accessToken([everything], {}, { typ: 'JWT' })],
  ['another issuer', () => accessToken([everything], { iss: 'https://elsewhere' })],
  ['no issuer', () => accessToken([everything], { iss: undefined })],
  ['another audience', () => accessToken([everything], { aud: ['https://elsewhere'] })],
  ['no expiry', () => accessToken([everything], { exp: undefined })],
  ['an expiry that has passed', () => accessToken([everything], { exp: inSeconds(-1) })],
  ['a time that has not come', () => accessToken([everything], { nbf: inSeconds(60) })],
  ['an unknown action', () => accessToken([{ ...everything, actions: ['delete'] }])],
  ['no action', () => accessToken([{ ...everything, actions: [] }])],
  ['no topic', () => accessToken([{ ...everything, topics: [] }])],
  ['topics as strings', () => accessToken([{ ...everything, topics: ['*'] }])],
  [
    'an unknown match type',
    () => accessToken([{ ...everything, topics: [{ match: 'a', match_type: 'regexp' }] }]),
  ],
  [
    'a bad pattern',
    () =>
      accessToken([
        { ...everything, topics: [{ match: 'https://a/(', match_type: 'urlpattern' }] },
      ]),
  ],
  [
    'one bad entry among good ones',
    () => accessToken([everything, { ...everything, topics: [{}] }]),
  ],
  ['the claim of 0.x', () => Promise.resolve(DEMO_TOKEN)],
])('refuses, in 1.0, a token with %s', async (_, token) => {
  const { url } = await hubFor(strict);
  const response = await publish(url, { topic: 'a' }, await token());
  expect(response.status).toBe(401);
  expect(response.headers.get('WWW-Authenticate')).toBe('Bearer error="invalid_token"');
});

it.each([
  ['the conformance suite’s', conformance],
  [
    'an audience among several',
    () => accessToken([everything], { aud: ['https://other', AUDIENCE] }),
  ],
  ['the type "mercure"', () => accessToken([{ ...everything, type: 'mercure' }])],
  [
    'details of something else',
    () => accessToken([{ type: 'tenant', topics: 'acme' }, everything]),
  ],
])('takes, in 1.0, a token with %s', async (_, token) => {
  const { url } = await hubFor(strict);
  expect((await publish(url, { topic: 'a' }, await token())).status).toBe(200);
});

it('answers 403 in 1.0 and 401 in 0.x where a right is missing', async () => {
  const newer = await hubFor(strict);
  const one = await accessToken([{ actions: ['publish'], topics: [{ match: 'a' }] }]);
  expect((await publish(newer.url, { topic: 'a' }, one)).status).toBe(200);
  const forbidden = await publish(newer.url, { topic: ['a', 'b'] }, one);
  expect(forbidden.status).toBe(403);
  expect(forbidden.headers.get('WWW-Authenticate')).toBe('Bearer error="insufficient_scope"');
  const reader = await accessToken([{ actions: ['subscribe'], topics: [{ match: '*' }] }]);
  expect((await publish(newer.url, { topic: 'a' }, reader)).status).toBe(403);

  const older = await hubFor({ ...locked, protocol: '0.x' });
  const token = await legacyToken({ publish: ['a', 'books/{id}'] });
  expect((await publish(older.url, { topic: ['a', 'books/1'] }, token)).status).toBe(200);
  const unauthorized = await publish(older.url, { topic: ['a', 'b'] }, token);
  expect(unauthorized.status).toBe(401);
  expect(await unauthorized.text()).toBe('Unauthorized\n');
  expect((await publish(older.url, { topic: 'a' }, await legacyToken({}))).status).toBe(401);
});

it('grants by URL Pattern, relative to itself', async () => {
  const { url } = await hubFor(strict);
  const token = await accessToken([
    { actions: ['publish'], topics: [{ match: '/rooms/:id', match_type: 'urlpattern' }] },
  ]);
  expect((await publish(url, { topic: '/rooms/1' }, token)).status).toBe(200);
  expect((await publish(url, { topic: '/rooms/1/2' }, token)).status).toBe(403);
});

const forge = (header: object, payload: object, signature = '') => {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  return `${encode(header)}.${encode(payload)}.${signature}`;
};
const rights = { mercure: { publish: ['*'], subscribe: ['*'] } };

it.each([
  ['alg: none', forge({ alg: 'none' }, rights)],
  ['alg: None', forge({ alg: 'None', typ: 'JWT' }, rights)],
  ['no signature', forge({ alg: 'HS256' }, rights)],
  ['another signature', `${DEMO_TOKEN.slice(0, -4)}AAAA`],
  ['another payload', forge({ alg: 'HS256' }, { ...rights, sub: 'me' }, DEMO_TOKEN.split('.')[2])],
  ['no token at all', 'x'.repeat(50)],
])('refuses a forged token, also where nobody needs one: %s', async (_, token) => {
  const { url } = await hubFor({ ...locked, anonymous: true });
  expect((await publish(url, { topic: 'a' }, token)).status).toBe(401);
  expect(await statusOf(url, 'topic=a', token)).toBe(401);
});

it('refuses a token that is signed with the public key as if it were a secret', async () => {
  const { publicKey } = await generateKeyPair('RS256', { extractable: true });
  const pem = await exportSPKI(publicKey);
  const { url } = await hubFor({ publisherJwt: { key: pem, algorithm: 'RS256' } });
  const signed = forge({ alg: 'HS256' }, rights).slice(0, -1);
  const signature = createHmac('sha256', pem).update(signed).digest('base64url');
  expect((await publish(url, { topic: 'a' }, `${signed}.${signature}`)).status).toBe(401);
  expect(() => createHub({ publisherJwt: { key: pem, algorithm: 'HS256' } })).toThrow(
    'does not fit',
  );
});

it.each(['PEM', 'JWK', 'JWKS'])('verifies RS256 by %s', async (form) => {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256' };
  const keys = { PEM: await exportSPKI(publicKey), JWK: jwk, JWKS: { keys: [jwk] } };
  const { url } = await hubFor({ publisherJwt: { key: keys[form as keyof typeof keys] } });
  const token = await sign(rights, { alg: 'RS256', kid: 'one' }, privateKey);
  expect((await publish(url, { topic: 'a' }, token)).status).toBe(200);
  expect((await publish(url, { topic: 'a' }, DEMO_TOKEN)).status).toBe(401);
});

it('verifies by a secret that is written as a JWK', async () => {
  const jwk = { kty: 'oct', k: Buffer.from(DEMO_KEY).toString('base64url') };
  const { url } = await hubFor({ publisherJwt: { key: jwk } });
  expect((await publish(url, { topic: 'a' }, DEMO_TOKEN)).status).toBe(200);
});

it('says so at the start where a key is missing', () => {
  const key = process.env.NO_SUCH_VARIABLE as string;
  expect(() => createHub({ publisherJwt: { key } })).toThrow('`key` of `publisherJwt` is missing');
});

it('fetches keys anew for a token whose key it does not know', async () => {
  const keys: object[] = [];
  const makeKey = async (kid: string) => {
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
    keys.push({ ...(await exportJWK(publicKey)), kid, alg: 'RS256' });
    return () => sign(rights, { alg: 'RS256', kid }, privateKey);
  };
  const server = createServer((_, response) => response.end(JSON.stringify({ keys })));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const set = new URL(`http://127.0.0.1:${port}/jwks.json`);
  const { url } = await hubFor({ publisherJwt: { key: set } });
  const first = await makeKey('first');
  expect((await publish(url, { topic: 'a' }, await first())).status).toBe(200);
  keys.length = 0;
  const second = await makeKey('second');
  // It asks again after half a minute at the earliest.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 });
  onTestFinished(() => void vi.useRealTimers());
  expect((await publish(url, { topic: 'a' }, await second())).status).toBe(200);
  expect((await publish(url, { topic: 'a' }, await first())).status).toBe(401);
});

it('answers 503 while it cannot fetch the keys, which says nothing about the token', async () => {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'a', alg: 'RS256' }];
  const answers = [
    { status: 500, body: '' },
    { status: 200, body: 'no JSON' },
    { status: 200, body: JSON.stringify({ keys }) },
  ];
  const server = createServer((_, response) => {
    const { status, body } = answers.shift()!;
    response.writeHead(status).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  const set = new URL(`http://127.0.0.1:${port}/jwks.json`);
  const { url } = await hubFor({ publisherJwt: { key: set }, subscriberJwt: { key: set } });
  const token = await sign(rights, { alg: 'RS256', kid: 'a' }, privateKey);
  const unreachable = await publish(url, { topic: 'a' }, token);
  expect(unreachable.status).toBe(503);
  expect(unreachable.headers.get('Retry-After')).toBe('1');
  expect(await statusOf(url, 'topic=a', token)).toBe(503);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  for (const status of [503, 503, 200]) {
    expect((await publish(url, { topic: 'a' }, token)).status).toBe(status);
  }
  const unknown = await sign(rights, { alg: 'RS256', kid: 'b' }, privateKey);
  expect((await publish(url, { topic: 'a' }, unknown)).status).toBe(401);
});

it('grants nothing by the host that a request names', async () => {
  const { url } = await hubFor({ ...strict, audience: undefined });
  const token = await accessToken([
    { actions: ['publish'], topics: [{ match: '/books/:id', match_type: 'urlpattern' }] },
  ]);
  const { hostname, host } = new URL(url);
  expect((await publish(url, { topic: '/books/1' }, token)).status).toBe(200);
  for (const name of [hostname, host, 'evil.example']) {
    expect((await publish(url, { topic: `http://${name}/books/1` }, token)).status).toBe(403);
  }
  const named = await hubFor({ ...strict, audience: undefined, url: 'https://hub.example/x' });
  const topic = 'https://hub.example/books/1';
  expect((await publish(named.url, { topic }, token)).status).toBe(200);
});

it('keeps the keys of publishers and subscribers apart', async () => {
  const { url } = await hubFor({ publisherJwt: key, subscriberJwt: { key: 'another secret' } });
  expect((await publish(url, { topic: 'a' }, DEMO_TOKEN)).status).toBe(200);
  expect(await statusOf(url, 'topic=a', DEMO_TOKEN)).toBe(401);
  const token = await legacyToken({}, {}, 'another secret');
  expect(await statusOf(url, 'topic=a', token)).toBe(200);
});

it('lets a private update through only where the token allows one of its topics', async () => {
  const { url } = await hubFor({ ...locked, anonymous: true });
  const open = async (subscribe_?: string[]) => {
    const token = subscribe_ && (await legacyToken({ subscribe: subscribe_ }));
    return subscribe(url, { topic: '{+any}' }, { headers: bearer(token) });
  };
  const [anonymous, none, other, template] = [
    await open(),
    await open([]),
    await open(['other']),
    await open(['rooms/{id}']),
  ];
  await publish(url, { topic: ['rooms/1', 'secret'], data: 'private', private: 'on' }, DEMO_TOKEN);
  await publish(url, { topic: 'rooms/1', data: 'public' }, DEMO_TOKEN);
  for (const stream of [anonymous, none, other, template]) {
    await until(() => expect(stream.data.at(-1)).toBe('public'));
  }
  expect([anonymous.data, none.data, other.data]).toEqual([['public'], ['public'], ['public']]);
  expect(template.data).toEqual(['private', 'public']);
  // Who else it was for is not told.
  expect(template.events[0]!.topics).toEqual(['rooms/1']);
});

it('names of a private update the topics that the token grants, whatever is selected', async () => {
  const { url } = await hubFor({ ...locked });
  const token = await legacyToken({ subscribe: ['rooms/{id}', 'granted'] });
  const stream = await subscribe(url, { topic: 'selected' }, { headers: bearer(token) });
  const topic = ['selected', 'rooms/1', 'secret', 'granted'];
  await publish(url, { topic, data: 'x', private: 'on' }, DEMO_TOKEN);
  await until(() => expect(stream.events).toHaveLength(1));
  expect(stream.events[0]!.topics).toEqual(['rooms/1', 'granted']);
});

it('holds private updates back in a replay too', async () => {
  const { url } = await hubFor({ ...locked, anonymous: true });
  await publish(url, { topic: 'a', data: 'private', private: 'on' }, DEMO_TOKEN);
  await publish(url, { topic: 'a', data: 'public' }, DEMO_TOKEN);
  const stream = await subscribe(url, { topic: 'a', lastEventID: 'earliest' });
  await until(() => expect(stream.data).toEqual(['public']));
});

it('finds the token in the header, then in the query (0.x), then in a cookie', async () => {
  const { url } = await hubFor(locked);
  const get = async (query: string, headers: Record<string, string>) => {
    const response = await fetch(`${url}?topic=a${query}`, { headers });
    await response.body?.cancel();
    return response.status;
  };
  const cookie = { Cookie: `other=1; mercureAuthorization=${DEMO_TOKEN}` };
  expect(await get(`&authorization=${DEMO_TOKEN}`, {})).toBe(200);
  expect(await get('', cookie)).toBe(200);
  expect(await get('', { Cookie: `__Secure-mercure_access_token=${DEMO_TOKEN}` })).toBe(200);
  expect(await get('&authorization=x', cookie)).toBe(401);
  expect(await get(`&authorization=${DEMO_TOKEN}`, { Authorization: 'Bearer x' })).toBe(400);
  expect(await get('', { Authorization: 'Basic x' })).toBe(400);
});

it('takes no token from the URL in 1.0, and only its own cookie', async () => {
  const { url } = await hubFor({ ...locked, protocol: '1.0' });
  const token = await accessToken([everything]);
  expect(await statusOf(url, `match=a&authorization=${token}`)).toBe(401);
  const status = async (name: string) => {
    const response = await fetch(`${url}?match=a`, { headers: { Cookie: `${name}=${token}` } });
    await response.body?.cancel();
    return response.status;
  };
  expect(await status('mercureAuthorization')).toBe(401);
  expect(await status('__Secure-mercure_access_token')).toBe(200);
});

it('reads the scheme as its version does', async () => {
  const older = await hubFor({ ...locked, protocol: '0.x' });
  const newer = await hubFor(locked);
  const headers = { Authorization: `bearer ${DEMO_TOKEN}` };
  const post = (url: string) =>
    fetch(url, { method: 'POST', headers, body: new URLSearchParams({ topic: 'a' }) });
  expect((await post(older.url)).status).toBe(401);
  expect((await post(newer.url)).status).toBe(200);
});

it('publishes with a cookie only for pages of the origins it was told', async () => {
  const publishOrigins = ['https://app.example'];
  const { url } = await hubFor({ ...locked, publishOrigins, cookieName: 'session' });
  const post = async (headers: Record<string, string>) => {
    const body = new URLSearchParams({ topic: 'a' });
    const cookie = { Cookie: `session=${DEMO_TOKEN}` };
    return (await fetch(url, { method: 'POST', headers: { ...cookie, ...headers }, body })).status;
  };
  expect(await post({})).toBe(400);
  expect(await post({ Origin: 'https://evil.example' })).toBe(400);
  expect(await post({ Origin: 'https://app.example' })).toBe(200);
  expect(await post({ Referer: 'https://app.example/page' })).toBe(200);
});

it('serves anonymous subscribers where it was told to', async () => {
  const { url } = await hubFor({ ...locked, anonymous: true });
  expect(await statusOf(url, 'topic=a')).toBe(200);
  expect((await publish(url, { topic: 'a' })).status).toBe(401);
});

it('is closed to everybody by default', async () => {
  const { url } = await hubFor({ openToAll: false });
  expect(await statusOf(url, 'topic=a')).toBe(401);
  expect((await publish(url, { topic: 'a' }, DEMO_TOKEN)).status).toBe(401);
});

it('verifies the tokens that it is shown where it is open to all, with the demo key', async () => {
  const { url } = await hubFor();
  const stream = await subscribe(url, { topic: 'a' }, { headers: bearer(DEMO_TOKEN) });
  await publish(url, { topic: 'a', data: 'x', private: 'on' });
  await until(() => expect(stream.data).toEqual(['x']));
  const narrow = await legacyToken({ publish: ['b'] });
  expect((await publish(url, { topic: 'a' }, narrow)).status).toBe(403);
});

it.each(['POST', 'QUERY'])('takes no token that was revoked during a slow %s', async (method) => {
  const { url, hub } = await hubFor(locked);
  let finish = () => {};
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('topic=a'));
      finish = () => controller.close();
    },
  });
  const headers = {
    ...bearer(DEMO_TOKEN),
    'Content-Type': 'application/x-www-form-urlencoded',
  };
  const init = { method, headers, body, duplex: 'half' };
  const answer = hub.fetch(new Request(url, init));
  // The token is accepted while the body is under way.
  await new Promise((resolve) => setTimeout(resolve, 50));
  await hub.revoke(DEMO_TOKEN);
  finish();
  expect((await answer).status).toBe(401);
});
