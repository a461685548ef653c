// @vitest-environment node
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  MemoryDriver,
  MemoryHub,
  SseDriver,
  type Driver,
  type Topics,
} from '../../src/driver/index.js';
import { type StartHubOptions } from '../../src/testing/index.js';
import { startBareHub } from '../servers/bareHub.js';
import { connect, encode, listenToEvents, logReports, openHub, reasonOf } from './rig.js';

interface Traits {
  /** Whether `event.topic` is known where it is not the only one. */
  names: boolean;
}

const at = (path: string) => `https://example.com/${path}`;
const TEMPLATE = at('books/{id}');
const PATTERN = at('films/:id');

type Case = [name: string, topics: Topics, selects: string[]];
const ALONE: Case[] = [
  ['a string with a variable', TEMPLATE, [at('books/1'), at('books/2')]],
  ['{ template }', { template: TEMPLATE }, [at('books/1'), at('books/2')]],
  ['{ pattern }', { pattern: PATTERN }, [at('films/1')]],
  ['*', '*', [at('books/1'), at('books/2'), at('films/1'), at('news'), 'plain', 'other']],
  ['a list of topics', ['plain', at('news')], [at('news'), 'plain']],
  [
    'a list of topics and selectors',
    ['plain', TEMPLATE, { pattern: PATTERN }],
    [at('books/1'), at('books/2'), at('films/1'), 'plain'],
  ],
];
const EXACT: Case[] = [
  ['an exact topic', 'plain', ['plain']],
  ['another exact topic', at('news'), [at('news')]],
];
const PUBLISHED = [at('books/1'), at('books/2'), at('films/1'), at('news'), 'plain', 'other'];

const HUBS: [name: string, options: StartHubOptions][] = [
  ['0.x', { protocol: '0.x' }],
  ['1.0', { protocol: '1.0' }],
  ['0.x without topics', { protocol: '0.x', topics: false }],
  ['1.0 without topics', { protocol: '1.0', topics: false }],
  ['0.x without marks', { protocol: '0.x', topics: 'unmarked' }],
  ['1.0 without marks', { protocol: '1.0', topics: 'unmarked' }],
];

function describeSelectors(
  name: string,
  open: () => Promise<Driver>,
  { names }: Traits,
  cases: Case[] = ALONE,
): void {
  describe(`selectors on ${name}`, () => {
    async function expectHeard(wanted: Case[]): Promise<void> {
      const driver = await open();
      const reports = logReports(driver);
      const heard = await Promise.all(wanted.map(([, topics]) => listenToEvents(driver, topics)));
      for (const round of [1, 2]) {
        for (const topic of PUBLISHED) await driver.publish(topic, encode(topic));
        for (const [index, [which, topics, selects]] of wanted.entries()) {
          const named = names || (typeof topics === 'string' && selects.length === 1);
          const expected = Array.from({ length: round }, () => selects).flat();
          await expect.poll(() => heard[index]!.length, { message: which }).toBe(expected.length);
          const seen = heard[index]!.map(({ topic }) => `${topic}`);
          expect(seen.toSorted(), which).toEqual(
            expected.map((topic) => (named ? topic : 'undefined')).toSorted(),
          );
        }
      }
      expect(reports).toEqual({ gaps: [], errors: [] });
    }

    it.each(cases)('%s alone', (...each) => expectHeard([each]));
    it.each(cases)('%s beside exact topics', (...each) => expectHeard([...EXACT, each]));
    it('all of them together', () => expectHeard([...cases, ...EXACT]));
  });
}

for (const [name, options] of HUBS) {
  const open = async () => {
    const { url } = await openHub(options);
    return connect({ url });
  };
  describeSelectors(name, open, { names: options.topics !== false });
}

describeSelectors(
  'a hub in the page',
  async () => {
    const driver = new MemoryDriver(new MemoryHub());
    onTestFinished(() => driver.destroy());
    return driver;
  },
  { names: true },
  // Node 20 has no URLPattern.
  ALONE.filter(([, topics]) => !JSON.stringify(topics).includes('pattern')),
);

describeSelectors(
  'a bare hub of Express, which knows exact topics',
  async () => {
    const { url, close } = await startBareHub();
    onTestFinished(close);
    return connect({ url });
  },
  { names: false },
  [['a list of topics', ['plain', at('news')], [at('news'), 'plain']]],
);

describe('a list', () => {
  it.each(HUBS)('is one subscription on one stream, on %s', async (_, options) => {
    const { url, hub } = await openHub(options);
    const driver = connect({ url });
    const events = await listenToEvents(driver, ['one', 'two', 'three']);
    expect(hub.subscribers).toBe(1);
    hub.publish({ topics: ['one', 'three'], data: 'once' });
    hub.publish({ topics: ['two'], data: 'last' });
    await expect.poll(() => events.length).toBe(2);
  });

  it('is the same in whatever order, and with a topic twice', async () => {
    const { url, hub } = await openHub({ topics: false });
    const driver = connect({ url });
    const handler = () => {};
    await driver.subscribe(['one', 'two'], handler);
    await driver.subscribe(['two', 'one', 'two'], handler);
    expect(hub.subscribers).toBe(1);
    expect(driver.stateOf(['two', 'one']).status).toBe('open');
    await driver.unsubscribe(['two', 'one', 'one'], handler);
    expect(driver.stateOf(['one', 'two']).status).toBe('idle');
  });

  it('and a topic of it alone are two subscriptions, each with its own end', async () => {
    const { url, hub } = await openHub();
    const driver = connect({ url });
    const list = await listenToEvents(driver, ['one', 'two']);
    const alone = await listenToEvents(driver, 'one');
    hub.publish({ topics: ['one'], data: 'both' });
    await expect.poll(() => [list.length, alone.length]).toEqual([1, 1]);
    await driver.unsubscribe('one');
    hub.publish({ topics: ['one'], data: 'the list' });
    await expect.poll(() => list.length).toBe(2);
    expect(alone.length).toBe(1);
  });

  it.each([[[]], [['room', '']], [['room', undefined]], [[{ template: 'a', pattern: 'b' }]], [{}]])(
    '%j is refused at once, with a message that shows it',
    async (topics) => {
      const { url, hub } = await openHub();
      const driver = connect({ url });
      const error = await reasonOf(driver.subscribe(topics as Topics, () => {}));
      expect(error).toMatchObject({ code: 'usage' });
      expect(error.message).toMatch(/^subscribe got the topic .*\bnull means "not now"/);
      expect(hub.subscribers).toBe(0);
    },
  );
});

it('a selector that this version of a hub cannot express is refused alone', async () => {
  const { url } = await openHub({ protocol: '1.0' });
  const driver = connect({ url });
  const fine = listenToEvents(driver, 'plain');
  const odd = driver.subscribe({ template: 'https://example.com/{+path}{?query}' }, () => {});
  expect(await reasonOf(odd)).toMatchObject({ code: 'rejected' });
  const events = await fine;
  await driver.publish('plain', encode('here'));
  await expect.poll(() => events.length).toBe(1);
});

it('a driver that may share nothing still takes selectors and lists', async () => {
  const { url, hub } = await openHub();
  const driver: Driver = new SseDriver({ url, multiplex: 'never' });
  onTestFinished(() => driver.destroy());
  const events = await Promise.all(
    ([TEMPLATE, ['one', 'two'], 'one'] as Topics[]).map((topics) => listenToEvents(driver, topics)),
  );
  expect(hub.subscribers).toBe(3);
  for (const topic of [at('books/1'), 'one', 'two']) await driver.publish(topic, []);
  await expect.poll(() => events.map(({ length }) => length)).toEqual([1, 2, 1]);
});
