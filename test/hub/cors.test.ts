// @vitest-environment node
import { request } from 'node:http';
import { expect, it } from 'vitest';
import { hubFor } from './hubs.js';
import { DEMO_KEY, DEMO_TOKEN } from './client.js';

const key = { key: DEMO_KEY };
const APP = 'https://app.example';

const get = async (url: string, origin: string) => {
  const response = await fetch(`${url}?topic=a`, { headers: { Origin: origin } });
  await response.body?.cancel();
  return response;
};

it('lets pages of an origin it was told read its answers, with cookies', async () => {
  const { url } = await hubFor({ publisherJwt: key, anonymous: true, corsOrigins: [APP] });
  const { headers } = await get(url, APP);
  expect(headers.get('Access-Control-Allow-Origin')).toBe(APP);
  expect(headers.get('Access-Control-Allow-Credentials')).toBe('true');
  expect(headers.get('Access-Control-Expose-Headers')).toBe(
    'Mercure-Last-Event-ID, Last-Event-ID, Event-Stream-Fields, Link',
  );
  expect(headers.get('Vary')).toContain('Origin');
});

it('lets them read its refusals too', async () => {
  const { url } = await hubFor({ publisherJwt: key, corsOrigins: [APP] });
  const response = await get(url, APP);
  expect(response.status).toBe(401);
  expect(response.headers.get('Access-Control-Allow-Origin')).toBe(APP);
});

it('says nothing to pages of other origins', async () => {
  const { url } = await hubFor({ publisherJwt: key, anonymous: true, corsOrigins: [APP] });
  const { headers } = await get(url, 'https://evil.example');
  expect(headers.has('Access-Control-Allow-Origin')).toBe(false);
});

it('lets everybody read with *, without cookies', async () => {
  const { url } = await hubFor({ publisherJwt: key, anonymous: true, corsOrigins: ['*'] });
  const { headers } = await get(url, APP);
  expect(headers.get('Access-Control-Allow-Origin')).toBe('*');
  expect(headers.has('Access-Control-Allow-Credentials')).toBe(false);
});

it('answers what browsers ask ahead', async () => {
  const { url } = await hubFor({ publisherJwt: key, corsOrigins: [APP] });
  const response = await fetch(url, {
    method: 'OPTIONS',
    headers: { Origin: APP, 'Access-Control-Request-Method': 'POST' },
  });
  expect(response.status).toBe(204);
  expect(response.headers.get('Access-Control-Allow-Origin')).toBe(APP);
  expect(response.headers.get('Access-Control-Allow-Methods')).toBe('GET, POST, QUERY, OPTIONS');
  expect(response.headers.get('Access-Control-Allow-Headers')).toBe(
    'authorization, cache-control, last-event-id, content-type',
  );
});

it('serves, open to all, pages of this machine', async () => {
  const { url } = await hubFor();
  for (const origin of ['http://localhost:6006', 'http://127.0.0.1:3000', 'http://[::1]:80']) {
    const response = await get(url, origin);
    expect(response.status).toBe(200);
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe(origin);
  }
});

it.each(['https://evil.example', 'http://localhost.evil.example', 'null'])(
  'serves, open to all, no page of elsewhere: %s',
  async (origin) => {
    const { url } = await hubFor();
    expect((await get(url, origin)).status).toBe(403);
    const init = { method: 'POST', body: new URLSearchParams({ topic: 'a' }) };
    const response = await fetch(url, { ...init, headers: { Origin: origin } });
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('publisherJwt');
  },
);

it.each([
  ['X-Forwarded-For', '203.0.113.7', 403],
  ['X-Forwarded-For', '127.0.0.1, 203.0.113.7', 403],
  ['X-Forwarded-Host', 'tunnel.example', 403],
  ['X-Real-IP', '203.0.113.7', 403],
  ['Forwarded', 'for=203.0.113.7', 403],
  // A development server that passes requests of this machine on.
  ['X-Forwarded-For', '::1', 200],
  ['X-Forwarded-Host', 'localhost:3000', 200],
])('serves, open to all, nobody who asks through a tunnel: %s: %s', async (name, value, status) => {
  const { url } = await hubFor();
  const init = { method: 'POST', body: new URLSearchParams({ topic: 'a' }) };
  expect((await fetch(url, { ...init, headers: { [name]: value } })).status).toBe(status);
});

it('serves, open to all, under no name but this machine’s own', async () => {
  const { url } = await hubFor();
  // A page of elsewhere whose name was pointed at this machine (DNS rebinding).
  const status = await new Promise((resolve) => {
    const headers = { Host: 'evil.example', Authorization: `Bearer ${DEMO_TOKEN}` };
    request(`${url}?topic=a`, { headers }, (response) => {
      response.destroy();
      resolve(response.statusCode);
    }).end();
  });
  expect(status).toBe(403);
});
