// @vitest-environment node
import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { SignalingError, SseDriver } from '../../src/driver/index.js';
import { startHub } from '../../src/testing/index.js';

it.each([
  '/.well-known/mercure',
  'no url',
  'http://',
  'https://ada:secret@example.com/.well-known/mercure',
])('the url %s is refused with a sentence that keeps its secrets', async (url) => {
  const driver = new SseDriver({ url });
  for (const attempt of [driver.subscribe('room', () => {}), driver.publish('room', [1])]) {
    const error: unknown = await attempt.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SignalingError);
    expect(error).toMatchObject({ code: 'usage' });
    expect(inspect(error)).not.toContain('secret');
  }
  expect(driver.connection).toMatchObject({ status: 'closed', queued: 0 });
  driver.destroy();
});

it('what a hub refuses is told without the token and without the query', async () => {
  const { url, close } = await startHub({ publisherJwt: { key: 'k'.repeat(32) } });
  const headers = { Authorization: 'Bearer secret' };
  const driver = new SseDriver({ url: `${url}?authorization=secret`, publisher: { headers } });
  const error: unknown = await driver.publish('room', [1]).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'unauthorized' });
  expect(inspect(error)).not.toContain('secret');
  driver.destroy();
  await close();
});
