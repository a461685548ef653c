import { createHmac } from 'node:crypto';
import { HUB_PATH, type ProtocolVersion } from '../../src/mercure/index.js';
import { DEMO_KEY } from '../servers/mercure.js';

/** A request that a hub may be asked in earnest, by mistake or in malice. */
export interface OddRequest {
  name: string;
  method?: string;
  /** Behind the hub's path. */
  target?: string;
  headers?: [name: string, value: string][];
  body?: string | Buffer;
}

/** The origin whose pages may use the hub. */
export const ORIGIN = 'http://localhost:6006';
const FORM = 'application/x-www-form-urlencoded';
const IN_AN_HOUR = 4_102_444_800;

const EVERYTHING: unknown = { publish: ['*'], subscribe: ['*'] };

/** A token; `rights` as 0.x has them, which are translated where `version` is 1.0. */
function token(
  version: ProtocolVersion,
  { header = {}, claims = {}, key = DEMO_KEY, rights = EVERYTHING } = {},
): string {
  const modern = version === '1.0';
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const base = modern
    ? {
        iss: 'https://localhost',
        aud: `https://localhost${HUB_PATH}`,
        exp: IN_AN_HOUR,
        authorization_details: toDetails(rights),
      }
    : { mercure: rights };
  const head = { alg: 'HS256', ...(modern && { typ: 'at+jwt' }), ...header } as { alg: string };
  const signed = `${encode(head)}.${encode({ ...base, ...claims })}`;
  const hash = { HS384: 'sha384', HS512: 'sha512' }[head.alg] ?? 'sha256';
  if (head.alg === 'none') return `${signed}.`;
  return `${signed}.${createHmac(hash, key).update(signed).digest('base64url')}`;
}

function toDetails(rights: unknown): unknown {
  if (typeof rights !== 'object' || rights === null) return rights;
  return Object.entries(rights).map(([action, topics]) => ({
    type: 'https://mercure.rocks/authorization-detail',
    actions: [action],
    topics: Array.isArray(topics)
      ? topics.map((match) => (typeof match === 'string' ? { match } : match))
      : topics,
  }));
}

/** What a hub of this version may be asked. */
export function oddRequests(version: ProtocolVersion): OddRequest[] {
  return [
    ...subscriptions(version),
    ...cursors(version),
    ...methods(version),
    ...paths(version),
    ...credentials(version),
    ...tokens(version),
    ...origins(version),
    ...contentTypes(version),
    ...forms(version),
    ...topics(version),
    ...fields(version),
  ];
}

function subscriptions(version: ProtocolVersion): OddRequest[] {
  const select = version === '0.x' ? 'topic' : 'match';
  const many = (count: number) => Array<string>(count).fill(`${select}=a`).join('&');
  const queries: [name: string, query: string][] = [
    ['nothing', ''],
    ['one topic', `${select}=a`],
    ['an empty topic', `${select}=`],
    ['an empty topic beside another', `${select}=&${select}=a`],
    ['a name without a value', select],
    ['another case', `${select.toUpperCase()}=a`],
    ['brackets', `${select}[]=a`],
    ['the plural', `${select}s=a`],
    ['a topic of 0.x', 'topic=a'],
    ['a match of 1.0', 'match=a'],
    ['match_exact', 'match_exact=a'],
    ['match_urlpattern', 'match_urlpattern=https://example.com/:id'],
    ['match_urlpattern that is relative', 'match_urlpattern=/books/:id'],
    ['match_urlpattern with a group', 'match_urlpattern=https://example.com/:id(\\d%2B)'],
    ['match_urlpattern that is not closed', 'match_urlpattern=https://example.com/('],
    ['match_urlpattern that is empty', 'match_urlpattern='],
    ['match_uritemplate', 'match_uritemplate=a{b}'],
    ['matchExact of a draft', 'matchExact=a'],
    ['Match', 'Match=a'],
    ['match beside a topic', 'topic=a&match=a'],
    ['an unknown parameter', `${select}=a&other=b`],
    ['percent-encoding that is cut', `${select}=a%4`],
    ['percent-encoding that is wrong', `${select}=a%zz`],
    ['bytes that are not UTF-8', `${select}=a%ff`],
    ['a semicolon', `${select}=a;${select}=b`],
    ['NUL', `${select}=a%00`],
    ['a line feed', `${select}=a%0Ab`],
    ['a tab', `${select}=a%09b`],
    ['a space', `${select}=a+b`],
    ['beyond ASCII', `${select}=%C3%A9`],
    ['everything', `${select}=*`],
    ['a template', `${select}=a{b}`],
    ['a template that is not closed', `${select}=a{b`],
    ['a template without a name', `${select}=a{}`],
    ['a template with an unknown operator', `${select}=a{!b}`],
    ['a template with a prefix', `${select}=a{b:3}`],
    ['a template of a list', `${select}=a{/b*,c}`],
    ['a topic of the hub', `${select}=${HUB_PATH}/subscriptions`],
    ['a hundred selectors', many(100)],
    ['a hundred and one selectors', many(101)],
    ['a thousand selectors', many(1000)],
    ['a thousand and one selectors', many(1001)],
    ['a selector of 4,096 bytes', `${select}=${'a'.repeat(4096)}`],
    ['a selector of 4,097 bytes', `${select}=${'a'.repeat(4097)}`],
    ['a request line of 20 kB', `${select}=${'a'.repeat(20_000)}`],
    ['a request line of 20 kB in short selectors', `${select}=a&x=${'a'.repeat(20_000)}`],
    ['an empty token', `${select}=a&authorization=`],
    ['a wrong token', `${select}=a&authorization=x`],
    ['a good token', `${select}=a&authorization=${token(version)}`],
    [
      'two tokens, the first one wrong',
      `${select}=a&authorization=x&authorization=${token(version)}`,
    ],
  ];
  return queries.map(([name, query]) => ({ name: `subscribes to ${name}`, target: `?${query}` }));
}

function cursors(version: ProtocolVersion): OddRequest[] {
  const select = version === '0.x' ? 'topic' : 'match';
  const queries: [query: string, header?: string][] = [
    ['lastEventID=one'],
    ['lastEventID=unknown'],
    ['lastEventID='],
    ['lastEventID=earliest'],
    ['last_event_id=one'],
    ['last_event_id=unknown'],
    ['last_event_id='],
    ['last_event_id=earliest'],
    ['last_event_id=one&last_event_id=unknown'],
    ['Last-Event-ID=one'],
    ['lasteventid=one'],
    ['last-event-id=one'],
    ['', 'one'],
    ['', 'unknown'],
    ['', ''],
    ['', 'earliest'],
    ['', ' one '],
    ['lastEventID=one&last_event_id=one', 'unknown'],
    ['lastEventID=one&last_event_id=one', ''],
  ];
  return queries.map(([query, header]) => ({
    name: `resumes by ${query || 'a header'}${header === undefined ? '' : ` and the header "${header}"`}`,
    target: `?${select}=a&${query}`,
    headers: header === undefined ? [] : [['Last-Event-ID', header]],
  }));
}

function methods(version: ProtocolVersion): OddRequest[] {
  const target = version === '0.x' ? '?topic=a' : '?match=a';
  const form: [string, string][] = [['Content-Type', FORM]];
  return [
    ...['HEAD', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'OPTIONS', 'PROPFIND'].map((method) => ({
      name: `asks by ${method}`,
      method,
      target,
    })),
    { name: 'asks by HEAD for nothing', method: 'HEAD' },
    { name: 'asks by QUERY without a body', method: 'QUERY', target },
    { name: 'asks by QUERY for nothing', method: 'QUERY', headers: form, body: '' },
    { name: 'asks by QUERY with a form', method: 'QUERY', headers: form, body: 'match=a' },
    { name: 'asks by QUERY for both', method: 'QUERY', target, headers: form, body: 'match=b' },
    { name: 'asks by QUERY without a type', method: 'QUERY', body: 'match=a' },
    {
      name: 'asks by QUERY with JSON',
      method: 'QUERY',
      headers: [['Content-Type', 'application/json']],
      body: '{"match":"a"}',
    },
    { name: 'asks by QUERY with a wrong form', method: 'QUERY', headers: form, body: 'match=%zz' },
    { name: 'posts nothing without a token', method: 'POST', headers: form, body: '' },
    { name: 'posts without a token', method: 'POST', headers: form, body: 'topic=a' },
  ];
}

function paths(version: ProtocolVersion): OddRequest[] {
  const authorization: [string, string][] = [['Authorization', `Bearer ${token(version)}`]];
  const own = version === '0.x' ? '/a' : '/exact/a';
  const targets = [
    '/',
    '/x',
    '/subscriptions',
    '/subscriptions/',
    '/subscriptions/a',
    '/subscriptions/a/',
    '/subscriptions/exact',
    '/subscriptions/exact/a',
    '/subscriptions/urlpattern/a',
    '/subscriptions/other/a',
    '/subscriptions/a%2Fb',
    '/subscriptions/%2A',
    '/subscriptions/a/b',
    '/subscriptions/a/b/c',
    '/subscriptions/a/b/c/d',
    `/subscriptions${own}/urn%3Auuid%3A5b9a2b4a-0000-4000-8000-000000000000`,
    `/subscriptions${own}/unknown`,
    '/Subscriptions',
  ];
  const requests = targets.flatMap((target) => [
    { name: `gets ${target}`, target },
    { name: `gets ${target} with a token`, target, headers: authorization },
  ]);
  const narrow = token(version, { rights: { subscribe: ['a'] } });
  return [
    ...requests,
    {
      name: 'posts to /subscriptions',
      method: 'POST',
      target: '/subscriptions',
      headers: authorization,
    },
    {
      name: 'asks by HEAD for /subscriptions',
      method: 'HEAD',
      target: '/subscriptions',
      headers: authorization,
    },
    {
      name: 'gets /subscriptions with a token for something else',
      target: '/subscriptions',
      headers: [['Authorization', `Bearer ${narrow}`]],
    },
  ];
}

function credentials(version: ProtocolVersion): OddRequest[] {
  const good = token(version);
  const select = version === '0.x' ? '?topic=a' : '?match=a';
  const cookie = version === '0.x' ? 'mercureAuthorization' : 'mercure_access_token';
  const padded = good
    .split('.')
    .map((part) => part + '='.repeat((4 - (part.length % 4)) % 4))
    .join('.');
  const headers: [name: string, headers: [string, string][]][] = [
    ['a good token', [['Authorization', `Bearer ${good}`]]],
    ['an empty header', [['Authorization', '']]],
    ['no token', [['Authorization', 'Bearer']]],
    ['an empty token', [['Authorization', 'Bearer ']]],
    ['two spaces', [['Authorization', `Bearer  ${good}`]]],
    ['a tab', [['Authorization', `Bearer\t${good}`]]],
    ['the scheme in small letters', [['Authorization', `bearer ${good}`]]],
    ['the scheme in capitals', [['Authorization', `BEARER ${good}`]]],
    ['another scheme', [['Authorization', 'Basic eDp5']]],
    ['no scheme', [['Authorization', good]]],
    ['something behind the token', [['Authorization', `Bearer ${good} x`]]],
    [
      'two headers',
      [
        ['Authorization', `Bearer ${good}`],
        ['Authorization', `Bearer ${good}`],
      ],
    ],
    [
      'two headers, the first one wrong',
      [
        ['Authorization', 'Bearer x'],
        ['Authorization', `Bearer ${good}`],
      ],
    ],
    ['padding', [['Authorization', `Bearer ${padded}`]]],
    ['no JWT', [['Authorization', 'Bearer x']]],
    ['two parts', [['Authorization', `Bearer ${good.split('.').slice(0, 2).join('.')}`]]],
    ['four parts', [['Authorization', `Bearer ${good}.x`]]],
    ['parts that are no JSON', [['Authorization', 'Bearer eA.eA.eA']]],
    ['a cookie', [['Cookie', `${cookie}=${good}`]]],
    ['a cookie in quotes', [['Cookie', `${cookie}="${good}"`]]],
    ['a cookie among others', [['Cookie', `x=1; ${cookie}=${good}; y=2`]]],
    ['a cookie without spaces', [['Cookie', `x=1;${cookie}=${good}`]]],
    ['two cookies, the first one wrong', [['Cookie', `${cookie}=x; ${cookie}=${good}`]]],
    ['an empty cookie', [['Cookie', `${cookie}=`]]],
    ['a wrong cookie', [['Cookie', `${cookie}=x`]]],
    ['a cookie of another name', [['Cookie', `other=${good}`]]],
    [
      'a good header and a wrong cookie',
      [
        ['Authorization', `Bearer ${good}`],
        ['Cookie', `${cookie}=x`],
      ],
    ],
    [
      'a wrong header and a good cookie',
      [
        ['Authorization', 'Bearer x'],
        ['Cookie', `${cookie}=${good}`],
      ],
    ],
  ];
  return headers.flatMap(([name, list]) => [
    { name: `subscribes with ${name}`, target: select, headers: list },
    {
      name: `publishes with ${name}`,
      method: 'POST',
      headers: [...list, ['Content-Type', FORM] as [string, string]],
      body: 'topic=a',
    },
  ]);
}

function tokens(version: ProtocolVersion): OddRequest[] {
  const past = Math.floor(Date.now() / 1000) - 3600;
  const options: [name: string, options: Parameters<typeof token>[1]][] = [
    ['that has expired', { claims: { exp: past } }],
    ['that expires never', { claims: { exp: undefined } }],
    ['that expires at a fraction', { claims: { exp: IN_AN_HOUR + 0.5 } }],
    ['that expires at a text', { claims: { exp: String(IN_AN_HOUR) } }],
    ['that is not valid yet', { claims: { nbf: IN_AN_HOUR } }],
    ['that was made in the future', { claims: { iat: IN_AN_HOUR } }],
    ['of another issuer', { claims: { iss: 'https://elsewhere' } }],
    ['for another audience', { claims: { aud: 'https://elsewhere' } }],
    ['signed with another key', { key: 'another secret' }],
    ['without a signature', { header: { alg: 'none' } }],
    ['by HS384', { header: { alg: 'HS384' } }],
    ['by HS512', { header: { alg: 'HS512' } }],
    ['of the type JWT', { header: { typ: 'JWT' } }],
    ['of the type at+jwt', { header: { typ: 'at+jwt' } }],
    ['of the type application/at+jwt', { header: { typ: 'application/at+jwt' } }],
    ['of another type', { header: { typ: 'other' } }],
    ['with a key id', { header: { kid: 'x' } }],
    ['with an extension that is critical', { header: { crit: ['exp'], exp: 1 } }],
    ['with a payload that is not encoded', { header: { b64: false, crit: ['b64'] } }],
    ['without rights', { rights: {} }],
    ['whose rights are null', { rights: null }],
    ['whose rights are a text', { rights: 'publish' }],
    ['that publishes nothing', { rights: { publish: [] } }],
    ['that publishes null', { rights: { publish: null } }],
    ['that publishes a text', { rights: { publish: 'a' } }],
    ['that publishes a number', { rights: { publish: [1] } }],
    ['that publishes an empty topic', { rights: { publish: [''] } }],
    ['that publishes this topic', { rights: { publish: ['a'] } }],
    ['that publishes another topic', { rights: { publish: ['b'] } }],
    ['that publishes a template', { rights: { publish: ['{x}'] } }],
    ['that publishes a wrong template', { rights: { publish: ['{x', 'a'] } }],
    ['that only subscribes', { rights: { subscribe: ['*'] } }],
    ['that publishes a thousand topics', { rights: { publish: Array(1000).fill('a') } }],
    ['that publishes more than a thousand topics', { rights: { publish: Array(1001).fill('a') } }],
    [
      'with rights in the namespace',
      { rights: {}, claims: { 'https://mercure.rocks/': { publish: ['*'] } } },
    ],
  ];
  return options.map(([name, option]) => ({
    name: `publishes with a token ${name}`,
    method: 'POST',
    headers: [
      ['Authorization', `Bearer ${token(version, option)}`],
      ['Content-Type', FORM],
    ],
    body: 'topic=a',
  }));
}

function origins(version: ProtocolVersion): OddRequest[] {
  const select = version === '0.x' ? '?topic=a' : '?match=a';
  const cookie = version === '0.x' ? 'mercureAuthorization' : 'mercure_access_token';
  const session: [string, string] = ['Cookie', `${cookie}=${token(version)}`];
  const preflight = (origin: string, method: string, headers: string): OddRequest => ({
    name: `asks ahead from ${origin} for ${method} with ${headers}`,
    method: 'OPTIONS',
    headers: [
      ['Origin', origin],
      ['Access-Control-Request-Method', method],
      ['Access-Control-Request-Headers', headers],
    ],
  });
  const post = (name: string, ...headers: [string, string][]): OddRequest => ({
    name: `publishes with a cookie ${name}`,
    method: 'POST',
    headers: [session, ['Content-Type', FORM], ...headers],
    body: 'topic=a',
  });
  return [
    { name: 'subscribes from its origin', target: select, headers: [['Origin', ORIGIN]] },
    {
      name: 'subscribes from elsewhere',
      target: select,
      headers: [['Origin', 'https://evil.example']],
    },
    { name: 'subscribes from nowhere', target: select, headers: [['Origin', 'null']] },
    preflight(ORIGIN, 'GET', 'last-event-id'),
    preflight(ORIGIN, 'POST', 'authorization'),
    preflight('https://evil.example', 'POST', 'authorization'),
    post('from no origin'),
    post('from its origin', ['Origin', ORIGIN]),
    post('from elsewhere', ['Origin', 'https://evil.example']),
    post('from a page', ['Referer', `${ORIGIN}/page`]),
  ];
}

function posts(
  version: ProtocolVersion,
  list: [name: string, body: string | Buffer, type?: string | null][],
): OddRequest[] {
  return list.map(([name, body, type = FORM]) => ({
    name: `publishes ${name}`,
    method: 'POST',
    headers: [
      ['Authorization', `Bearer ${token(version)}`],
      ...(type === null ? [] : [['Content-Type', type] as [string, string]]),
    ],
    body,
  }));
}

function contentTypes(version: ProtocolVersion): OddRequest[] {
  const types = [
    null,
    '',
    'application/json',
    'text/plain',
    'multipart/form-data; boundary=x',
    'multipart/form-data',
    FORM.toUpperCase(),
    `${FORM};charset=UTF-8`,
    `${FORM}; charset="utf-8"`,
    `${FORM}; charset=latin1`,
    `${FORM}; a=b`,
    `${FORM};`,
    `${FORM}; charset`,
    `${FORM}x`,
    ` ${FORM} `,
    `${FORM}, text/plain`,
  ];
  return posts(
    version,
    types.map((type) => [
      `with the type ${type === null ? 'left out' : `"${type}"`}`,
      'topic=a',
      type,
    ]),
  );
}

function forms(version: ProtocolVersion): OddRequest[] {
  const queried = posts(version, [['a topic in the query only', 'data=x']]);
  return [
    ...queried.map((request) => ({ ...request, target: '?topic=a' })),
    ...posts(version, [
      ['nothing', ''],
      ['a topic', 'topic=a'],
      ['a name without a value', 'topic'],
      ['data only', 'data=x'],
      ['separators only', '&&&'],
      ['separators around it', '&&topic=a&&'],
      ['a semicolon', 'topic=a;data=b'],
      ['a semicolon in the data', 'topic=a&data=b;c'],
      ['percent-encoding that is cut', 'topic=a&data=%4'],
      ['percent-encoding that is wrong', 'topic=a&data=%zz'],
      ['percent-encoding that is wrong, in a name', 'topic=a&%zz=b'],
      ['data that is not UTF-8', 'topic=a&data=%ff'],
      ['data that is not UTF-8, as bytes', Buffer.from([...Buffer.from('topic=a&data='), 0xff])],
      ['a lone surrogate', 'topic=a&data=%ED%A0%80'],
      ['an overlong slash', 'topic=a&data=%C0%AF'],
      ['NUL in the data', 'topic=a&data=%00'],
      ['a tab in the data', 'topic=a&data=%09'],
      ['line breaks in the data', 'topic=a&data=%0D%0A%0D%0A'],
      ['data twice', 'topic=a&data=1&data=2'],
      ['another field', 'topic=a&other=1'],
      ['names in capitals', 'TOPIC=a'],
      ['brackets', 'topic[]=a'],
      ['data of 1 MiB', `topic=a&data=${'x'.repeat(1_048_576)}`],
      ['data of 2 MB', `topic=a&data=${'x'.repeat(2_000_000)}`],
      ['data of 11 MB', `topic=a&data=${'x'.repeat(11_000_000)}`],
    ]),
  ];
}

function topics(version: ProtocolVersion): OddRequest[] {
  const values = [
    '',
    '*',
    '%20',
    'a%09b',
    'a%0Ab',
    'a%0Db',
    'a%00b',
    'a%7Fb',
    'a%C2%85b',
    'a%ff',
    '{a}',
    '%C3%A9',
    'x'.repeat(5000),
    HUB_PATH,
    `${HUB_PATH}/`,
    `${HUB_PATH}/subscriptions`,
    `${HUB_PATH}/x`,
    `https://example.com${HUB_PATH}`,
    `https://example.com${HUB_PATH}/x`,
    `https://example.com${HUB_PATH}x`,
    `/x/..${HUB_PATH}`,
    `//example.com${HUB_PATH}`,
    '/.well-known/%256Dercure',
    '/.well-known/Mercure',
    'mercure',
    `urn:x${HUB_PATH}`,
    `https://example.com/?x=${HUB_PATH}`,
    `https://example.com/%23${HUB_PATH}`,
  ];
  return posts(version, [
    ...values.map((value): [string, string] => [
      `on ${value.slice(0, 60) || 'an empty topic'}`,
      `topic=${value}`,
    ]),
    ['on an empty topic beside another', 'topic=&topic=a'],
    ['on one topic twice', 'topic=a&topic=a'],
    ['on a topic of the hub beside another', `topic=a&topic=${HUB_PATH}/x`],
    ['on a thousand topics', Array(1000).fill('topic=a').join('&')],
    ['on a thousand and one topics', Array(1001).fill('topic=a').join('&')],
  ]);
}

function fields(version: ProtocolVersion): OddRequest[] {
  const texts = [
    '',
    'x',
    '%20x',
    'x%20',
    'x%20y',
    '%23x',
    'x%23',
    'earliest',
    'Earliest',
    'mercure',
    'Mercure',
    'message',
    'x%00',
    'x%09',
    'x%0A',
    'x%0D',
    'x%07',
    'x%7F',
    'x%C2%85',
    'x%E2%80%A8',
    'x%ff',
    '%F0%9F%92%AC',
    'x'.repeat(10_000),
    'urn:uuid:00000000-0000-4000-8000-000000000000',
  ];
  const retries = [
    '',
    '0',
    '1',
    '00',
    '+1',
    '-1',
    '-0',
    '1.5',
    '1e3',
    '%201',
    '1%20',
    '0x10',
    '1_000',
    'x',
    '%EF%BC%91',
    '18446744073709551615',
    '18446744073709551616',
  ];
  const privates = ['', 'on', 'off', 'false', '0'];
  const on = (field: string, values: string[]): [string, string][] =>
    values.map((value) => [`${field}=${value.slice(0, 60)}`, `topic=f&${field}=${value}`]);
  return posts(version, [
    ...on('id', texts),
    ...on('type', texts),
    ...on('retry', retries),
    ...on('private', privates),
    ['private without a value', 'topic=a&private'],
    ['two ids', 'topic=a&id=1&id=2'],
    ['two retries', 'topic=a&retry=1&retry=x'],
  ]);
}
