// @vitest-environment node
import { expect, it } from 'vitest';
import { SelectorSet, type SelectorType } from '../../src/hub/selectors.js';
import { hubFor } from './hubs.js';
import { publish, subscribe, until } from './client.js';

const BASE = 'http://localhost:8080/.well-known/mercure';

const selects = (type: SelectorType, match: string, topic: string) =>
  new SelectorSet([{ type, match }], BASE).has(topic);

it.each(['topic', 'exact', 'urlpattern'] as const)('takes * for everything (%s)', (type) => {
  expect(selects(type, '*', 'any thing')).toBe(true);
});

it('compares exact topics byte by byte', () => {
  expect(selects('exact', 'https://example.com/{id}', 'https://example.com/{id}')).toBe(true);
  expect(selects('exact', 'https://example.com/{id}', 'https://example.com/1')).toBe(false);
  expect(selects('exact', 'a', 'A')).toBe(false);
});

it.each([
  ['https://example.com/books/{id}', 'https://example.com/books/1', true],
  ['https://example.com/books/{id}', 'https://example.com/books/a%20b', true],
  ['https://example.com/books/{id}', 'https://example.com/books/1/pages', false],
  ['https://example.com/books/{id}', 'https://example.com/books/{id}', true],
  ['https://example.com/books/{id}.json', 'https://example.com/books/1.json', true],
  ['https://example.com/{+path}', 'https://example.com/a/b?c=d', true],
  ['https://example.com/a{#part}', 'https://example.com/a#b', true],
  ['https://example.com/a{#part}', 'https://example.com/a', true],
  ['file{.type}', 'file.txt', true],
  ['file{.type}', 'filetxt', false],
  ['https://example.com{/one,two}', 'https://example.com/a/b', true],
  ['https://example.com{/one,two}', 'https://example.com/a/b/c', false],
  ['https://example.com{/path*}', 'https://example.com/a/b/c', true],
  ['https://example.com/{?q,page}', 'https://example.com/?page=2', true],
  ['https://example.com/{?q,page}', 'https://example.com/?q=a&page=2', true],
  ['https://example.com/{?q,page}', 'https://example.com/?other=a', false],
  ['https://example.com/{?q}', 'https://example.com/', true],
  ['https://example.com/?a=1{&b}', 'https://example.com/?a=1&b=2', true],
  ['map{;x,y}', 'map;x=1;y=2', true],
  ['{a', '{a', true],
  ['{a', 'x', false],
  ['{a:3}', 'abc', false],
  ['{!a}', 'a', false],
])('reads a URI Template: %s and %s', (template, topic, expected) => {
  expect(selects('topic', template, topic)).toBe(expected);
});

it.each([
  ['https://example.com/books/:id', 'https://example.com/books/1', true],
  ['https://example.com/books/:id', 'https://example.com/books/1/pages', false],
  ['https://example.com/books/:id', 'https://example.com/books/', false],
  ['https://example.com/books/:id', 'https://example.com/Books/1', false],
  ['https://example.com/books/:id', 'https://EXAMPLE.com/books/1', true],
  ['https://example.com/books/:id', 'https://example.com/books/1?q=1#h', true],
  ['https://example.com/books/:id', 'http://example.com/books/1', false],
  ['https://example.com/feed/:type(news|alerts)', 'https://example.com/feed/news', true],
  ['https://example.com/feed/:type(news|alerts)', 'https://example.com/feed/other', false],
  ['https://example.com/:id(\\d+)', 'https://example.com/42', true],
  ['https://example.com/:id(\\d+)', 'https://example.com/4x', false],
  ['https://example.com/:id([a-f]\\d?)x', 'https://example.com/b7x', true],
  ['https://example.com/items{/:tail}?', 'https://example.com/items', true],
  ['https://example.com/items{/:tail}?', 'https://example.com/items/1', true],
  ['https://example.com/items/:tail*', 'https://example.com/items/1/2/3', true],
  ['https://example.com/items/:tail+', 'https://example.com/items', false],
  ['https://example.com/{a}+b', 'https://example.com/aaab', true],
  ['https://*.example.com/*', 'https://a.b.example.com/c/d', true],
  ['https://:sub.example.com/', 'https://a.b.example.com/', false],
  ['https://example.com/a\\:b', 'https://example.com/a:b', true],
  ['https://example.com:8443/*', 'https://example.com:8443/x', true],
  ['https://example.com/*', 'https://example.com:8443/x', false],
  ['/books/:id', 'http://localhost:8080/books/1', true],
  ['/books/:id', '/books/1', true],
  ['/books/:id', 'https://example.com/books/1', false],
  ['https://example.com/:id', 'not a url', false],
  ['chat\\:*', 'chat:room', false],
])('reads a URL Pattern: %s and %s', (pattern, topic, expected) => {
  expect(selects('urlpattern', pattern, topic)).toBe(expected);
});

it.each([
  'https://example.com/:id((a+)+)',
  'https://example.com/(a',
  'https://example.com/{a',
  '/(?=a)',
])('refuses a URL Pattern that it cannot match in linear time, or at all: %s', async (pattern) => {
  const { url } = await hubFor();
  const query = new URLSearchParams({ match_urlpattern: pattern });
  const response = await fetch(`${url}?${query}`);
  expect(response.status).toBe(400);
  expect(await response.text()).toBe('invalid topic matcher pattern\n');
});

it.each([
  ['urlpattern', `https://example.com/${'*a'.repeat(50)}b`],
  ['urlpattern', `https://example.com/${'{a}*'.repeat(90)}b`],
  ['urlpattern', 'https://example.com/:a(\\w*\\w*\\w*\\w*\\w*\\w*\\w*\\w*)b'],
  ['topic', `https://example.com/${'{x}a'.repeat(16)}b`],
] as const)('is not slowed down by a hostile pattern (%s %.40s)', (type, pattern) => {
  const selector = new SelectorSet([{ type, match: pattern }], BASE);
  const topic = `https://example.com/${'a'.repeat(1000)}`;
  const start = performance.now();
  expect(selector.has(topic)).toBe(false);
  // Backtracking would take longer than there is time.
  expect(performance.now() - start).toBeLessThan(2000);
});

it.each([
  ['topic', 'https://example.com/{id}'],
  ['match_urlpattern', 'https://example.com/:id'],
  ['matchURLPattern', 'https://example.com/:id'],
  ['match', 'https://example.com/1'],
  ['match_exact', 'https://example.com/1'],
  ['matchExact', 'https://example.com/1'],
])('subscribes by %s', async (parameter, value) => {
  const { url } = await hubFor();
  const stream = await subscribe(url, { [parameter]: value });
  await publish(url, { topic: 'https://example.com/1/2', data: 'no' });
  await publish(url, { topic: 'https://example.com/1', data: 'yes' });
  await until(() => expect(stream.data).toEqual(['yes']));
});

it('keeps the subscribers of the same pattern apart when one leaves', async () => {
  const { url, hub } = await hubFor();
  const first = await subscribe(url, { topic: '{x}' });
  const second = await subscribe(url, { topic: '{x}' });
  first.close();
  await until(() => expect(hub.subscribers).toBe(1));
  await publish(url, { topic: 'a', data: 'x' });
  await until(() => expect(second.data).toEqual(['x']));
});
