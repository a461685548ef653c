import type { Fault, FaultProxy } from '../servers/faultProxy.js';
import type { Random } from '../servers/random.js';
import type { TestHub } from '../servers/TestHub.js';

/** What faults can lay hands on. */
export interface Scene {
  hub: TestHub;
  proxy: FaultProxy;
  random: Random;
  /** Does this to the next so many requests. */
  arm(verb: 'publish' | 'subscribe', times: number, fault: () => Fault): void;
  /** Resolves when so many more signals have arrived. */
  hears(more: number): Promise<void>;
}

const status =
  (...statuses: number[]) =>
  ({ random }: Scene): Fault => ({ kind: 'answer', status: random.oneOf(statuses) });

const PASSING = status(408, 425, 429, 500, 502, 503, 504);

function someStreams({ proxy, random }: Scene) {
  const streams = [...proxy.streams];
  return random.fraction() < 0.3 ? streams : streams.filter(() => random.fraction() < 0.4);
}

/** Each kind of fault, and how often it comes beside the others. */
export const FAULTS: Record<string, { weight: number; strike: (scene: Scene) => unknown }> = {
  'stream reset': {
    weight: 20,
    strike: (scene) => someStreams(scene).forEach((stream) => stream.reset()),
  },
  'stream ended': {
    weight: 10,
    strike: (scene) => someStreams(scene).forEach((stream) => stream.end()),
  },
  'stream ended within an update': {
    weight: 20,
    strike: (scene) => someStreams(scene).forEach((stream) => stream.endWithinUpdate()),
  },
  'stream frozen': {
    weight: 3,
    strike: (scene) => someStreams(scene).forEach((stream) => stream.freeze()),
  },
  'subscribe refused (408–504)': {
    weight: 10,
    strike(scene) {
      scene.arm('subscribe', scene.random.between(1, 5), () => PASSING(scene));
      for (const stream of scene.proxy.streams) stream.reset();
    },
  },
  'subscribe answered late': {
    weight: 5,
    strike(scene) {
      const { random } = scene;
      scene.arm('subscribe', 3, () => ({ kind: 'late', delay: random.between(1, 300) }));
      for (const stream of scene.proxy.streams) stream.end();
    },
  },
  'publish refused (408–504)': {
    weight: 8,
    strike: (scene) => scene.arm('publish', scene.random.between(1, 8), () => PASSING(scene)),
  },
  'publish reset': {
    weight: 8,
    strike: (scene) => scene.arm('publish', scene.random.between(1, 5), () => ({ kind: 'reset' })),
  },
  'publish applied, answer lost': {
    weight: 10,
    strike: (scene) => scene.arm('publish', scene.random.between(1, 8), () => ({ kind: 'lose' })),
  },
  'publish overtaken by its own retry': {
    weight: 10,
    strike(scene) {
      const { random } = scene;
      scene.arm('publish', random.between(1, 4), () => ({
        kind: 'overtaken',
        until: scene.hears(random.between(1, 200)),
      }));
    },
  },
  'publish answered late': {
    weight: 5,
    strike(scene) {
      const { random } = scene;
      scene.arm('publish', 10, () => ({ kind: 'late', delay: random.between(1, 200) }));
    },
  },
  'publish hanging': {
    weight: 1,
    strike: (scene) => scene.arm('publish', 1, () => ({ kind: 'hang' })),
  },
  'hub killed and restarted': {
    weight: 1,
    async strike({ hub }) {
      await hub.stop();
      await hub.start();
    },
  },
};

/** One of them, by its weight. */
export function drawFault(random: Random): string {
  const kinds = Object.entries(FAULTS);
  let left = random.fraction() * kinds.reduce((sum, [, { weight }]) => sum + weight, 0);
  for (const [name, { weight }] of kinds) if ((left -= weight) < 0) return name;
  return kinds[0]![0];
}
