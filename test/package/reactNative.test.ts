import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHub, type RunningHub } from '../../src/testing/index.js';
import { createApplication } from './application.js';
import { run } from './run.js';

let hub: RunningHub;

beforeAll(async () => {
  hub = await startHub();
});

afterAll(() => hub.close());

it('signals without what React Native lacks: a document, random values, combined abort signals', async () => {
  const app = await createApplication('bare');
  const printed = await run(app, 'node', 'signal.js', hub.url);
  expect(printed).toBe('SseDriver: hello\nTabsDriver: hello\n');
});
