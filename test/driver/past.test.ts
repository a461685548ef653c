// @vitest-environment node
import {
  MemoryDriver,
  MemoryHub,
  SseDriver,
  type SseDriverOptions,
} from '../../src/driver/index.js';
import { startHub, type StartHubOptions } from '../../src/testing/index.js';
import { describePast } from './past.js';

const hubs: [name: string, options: StartHubOptions & SseDriverOptions][] = [
  ['the embedded hub', {}],
  ['the embedded hub as 1.0', { protocol: '1.0' }],
  ['the embedded hub as 0.x that names no topics', { protocol: '0.x', topics: false }],
  ['the embedded hub as 1.0 that names no topics', { protocol: '1.0', topics: false }],
  ['the embedded hub that names topics without marks', { topics: 'unmarked' }],
  ['a hub that names no topics, sharing streams by marks', { topics: false, multiplex: 'always' }],
];

for (const [name, { multiplex, ...options }] of hubs) {
  describePast(name, async () => {
    const { url, close } = await startHub(options);
    return { connect: () => new SseDriver({ url, multiplex, retry: { base: 5, max: 20 } }), close };
  });
}

describePast('a MemoryHub', async () => {
  const hub = new MemoryHub();
  return { connect: () => new MemoryDriver(hub), close() {} };
});
