// @vitest-environment node
import { SseDriver, type SseDriverOptions } from '../../src/driver/index.js';
import { startHub, type StartHubOptions } from '../../src/testing/index.js';
import { startBareHub } from '../servers/bareHub.js';
import { describeDriver } from './suite.js';

const hubs: [name: string, options: StartHubOptions & SseDriverOptions][] = [
  ['the embedded hub', {}],
  ['the embedded hub as 0.x that names no topics', { protocol: '0.x', topics: false }],
  ['the embedded hub as strict 1.0', { protocol: '1.0' }],
  ['the embedded hub, never sharing streams', { multiplex: 'never' }],
  ['a hub that names no topics, sharing streams by marks', { topics: false, multiplex: 'always' }],
];

describeDriver(
  'SseDriver on a bare hub of Express, which keeps no ids',
  async () => {
    const { url, close } = await startBareHub();
    return { connect: () => new SseDriver({ url }), close };
  },
  { keepsIds: false, longest: 60_000 },
);

for (const [name, { multiplex, ...options }] of hubs) {
  describeDriver(
    `SseDriver on ${name}`,
    async () => {
      const { url, close } = await startHub(options);
      return { connect: () => new SseDriver({ url, multiplex }), close };
    },
    { keepsIds: true, longest: 700_000 },
  );
}
