import { TabsDriver, text, type Gap, type SignalingError } from '../../src/driver/index.js';

// The page that tabs.slow.test.ts opens many times: it listens, publishes, and keeps what it hears.

const parameters = new URL(document.URL).searchParams;
const me = parameters.get('name')!;
const driver = new TabsDriver({
  url: parameters.get('hub')!,
  retry: { base: 50, max: 200 },
});
let publishing = false;
let flow = Promise.resolve();

const tab = {
  driver,
  gaps: [] as Gap[],
  errors: [] as SignalingError[],
  /** What was heard by topic and publisher, in order: numbers, counted from 0 by each publisher. */
  heard: {} as Record<string, Record<string, number[]>>,
  /** How many of them were this tab's own. */
  own: 0,
  /** Whether the browser has frozen it. */
  frozen: false,
  /** How many of its publishes to each topic the hub has taken. */
  taken: 0,

  subscribe: (topic: string) => {
    const heard = (tab.heard[topic] = {} as Record<string, number[]>);
    return driver.subscribe(topic, (data, event) => {
      const [publisher, number] = text.decode(data).split(' ') as [string, string];
      (heard[publisher] ??= []).push(Number(number));
      if (event.own) tab.own++;
    });
  },

  /** Publishes to these topics until it is told to stop, counting. */
  start(...topics: string[]) {
    publishing = true;
    flow = (async () => {
      while (publishing) {
        const words = text.encode(`${me} ${tab.taken}`);
        await Promise.all(topics.map((topic) => driver.publish(topic, words)));
        tab.taken++;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    })();
  },

  /** Stops once the hub has taken all of it. */
  async stop() {
    publishing = false;
    await flow;
    return tab.taken;
  },
};

export type Tab = typeof tab;

document.addEventListener('freeze', () => (tab.frozen = true));
document.addEventListener('resume', () => (tab.frozen = false));
driver.on('gap', (gap) => tab.gaps.push(gap));
driver.on('error', (error) => tab.errors.push(error));
Object.assign(globalThis, { tab });
