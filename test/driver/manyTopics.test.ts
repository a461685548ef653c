// @vitest-environment node
import { afterEach, describe, expect, it } from 'vitest';
import { SseDriver, type Gap, type SseDriverOptions } from '../../src/driver/index.js';
import type { Hub } from '../../src/hub/index.js';
import { startHub, type StartHubOptions } from '../../src/testing/index.js';

const decode = (data: Uint8Array) => new TextDecoder().decode(data);
const base64 = (text: string) => Buffer.from(text).toString('base64');

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function open(hubOptions: StartHubOptions, options: SseDriverOptions = {}) {
  const { url, hub, close } = await startHub(hubOptions);
  endings.push(close);
  /** The selectors of each request for a stream, in order. */
  const requests: string[][] = [];
  const record: typeof fetch = (input, init) => {
    if (init?.method !== 'POST') {
      const body = init?.body as URLSearchParams | null | undefined;
      const parameters = body ?? new URL(String(input)).searchParams;
      requests.push([...parameters.getAll('topic'), ...parameters.getAll('match')]);
    }
    return fetch(input, init);
  };
  const driver = new SseDriver({ url, retry: { base: 20 }, fetch: record, ...options });
  endings.push(() => driver.destroy());
  return { url, hub, driver, requests };
}

function topicsOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `https://example.com/topics/${index}`);
}

/** Subscribes to all at once; what each topic hears. */
async function listen(driver: SseDriver, topics: string[]) {
  const heard = new Map<string, string[]>(topics.map((topic) => [topic, []]));
  await Promise.all(
    topics.map((topic) => driver.subscribe(topic, (data) => heard.get(topic)!.push(decode(data)))),
  );
  return heard;
}

function publishToEach(hub: Hub, topics: string[], text: string): void {
  for (const topic of topics) hub.publish({ topics: [topic], data: base64(text) });
}

/** The most streams that were open at once, looked at whenever one opens. */
function watchStreams(hub: Hub) {
  let most = 0;
  const timer = setInterval(() => (most = Math.max(most, hub.subscribers)), 1);
  endings.push(() => clearInterval(timer));
  return { most: () => most };
}

describe('a hub that names topics', () => {
  it.each([2, 50, 1_000])(
    'gets one stream for %i topics, and never more than two',
    async (count) => {
      const { hub, driver, requests } = await open({});
      const streams = watchStreams(hub);
      const topics = topicsOf(count);
      const heard = await listen(driver, topics);
      await expect.poll(() => hub.subscribers).toBe(1);
      publishToEach(hub, topics, 'hello');
      await driver.publish(topics[0]!, new TextEncoder().encode('again'));
      await expect.poll(() => heard.get(topics[0]!)).toEqual(['hello', 'again']);
      await expect.poll(() => [...heard.values()].flat().length).toBe(count + 1);
      expect(streams.most()).toBeLessThanOrEqual(2);
      expect(requests.map((selectors) => selectors.length)).toEqual([1, count]);
    },
  );

  it('is not asked anew for topics that leave, and for those that come once for all', async () => {
    const { driver, requests } = await open({});
    await listen(driver, topicsOf(3));
    await driver.unsubscribe(topicsOf(3)[2]!);
    await listen(driver, topicsOf(3));
    expect(requests).toHaveLength(2);
    await listen(driver, topicsOf(6));
    expect(requests).toHaveLength(3);
  });

  it('delivers everything once and in order while topics come and go', async () => {
    const { hub, driver } = await open({});
    const streams = watchStreams(hub);
    const [steady, ...others] = topicsOf(20) as [string, ...string[]];
    const heard = (await listen(driver, [steady])).get(steady)!;
    const handlers = new Map(others.map((topic) => [topic, () => {}]));
    let count = 0;
    for (let round = 0; round < 60; round++) {
      for (let burst = 0; burst < 10; burst++) {
        hub.publish({ topics: [steady], data: base64(String(count++)) });
      }
      const topic = others[round % others.length]!;
      if (round % 3 < 2) await driver.subscribe(topic, handlers.get(topic)!);
      else await driver.unsubscribe(topic, handlers.get(topic));
    }
    await expect.poll(() => heard.length).toBe(count);
    expect(heard).toEqual(Array.from({ length: count }, (_, index) => String(index)));
    expect(streams.most()).toBeLessThanOrEqual(2);
  });

  it('does not deliver to who comes late what was said before', async () => {
    const { hub, driver } = await open({});
    const [early, late] = topicsOf(2) as [string, string];
    await listen(driver, [early]);
    publishToEach(hub, [late], 'missed');
    const heard = (await listen(driver, [late])).get(late)!;
    publishToEach(hub, [late], 'heard');
    await expect.poll(() => heard).toEqual(['heard']);
  });

  it('delivers an update on several topics to each of them once', async () => {
    const { hub, driver } = await open({});
    const topics = topicsOf(3);
    const heard = await listen(driver, topics);
    hub.publish({ topics: topics.slice(0, 2), data: base64('both') });
    publishToEach(hub, topics.slice(2), 'last');
    await expect.poll(() => [...heard.values()]).toEqual([['both'], ['both'], ['last']]);
  });

  it('that takes a hundred topics on a stream gets as few streams as hold them', async () => {
    const { hub, driver } = await open({ protocol: '1.0', maxTopics: 100 });
    const topics = topicsOf(250);
    const heard = await listen(driver, topics);
    publishToEach(hub, topics, 'hello');
    await expect.poll(() => [...heard.values()].flat().length).toBe(250);
    // 250 are refused, and so are 125; 63 are taken.
    await expect.poll(() => hub.subscribers).toBe(4);
  });

  it('resumes all topics where they were after a break', async () => {
    const { hub, driver } = await open({});
    const topics = topicsOf(10);
    const heard = await listen(driver, topics);
    hub.disrupt({ streams: 'cut' });
    publishToEach(hub, topics, 'meanwhile');
    await expect.poll(() => [...heard.values()]).toEqual(topics.map(() => ['meanwhile']));
  });
});

describe('a hub that does not name topics', () => {
  it('gets a stream for each', async () => {
    const { hub, driver } = await open({ topics: false });
    const topics = topicsOf(8);
    const heard = await listen(driver, topics);
    publishToEach(hub, topics, 'hello');
    await expect.poll(() => [...heard.values()]).toEqual(topics.map(() => ['hello']));
    expect(hub.subscribers).toBe(8);
  });

  it('shares a stream all the same where publishers mark their updates', async () => {
    const { hub, driver, url } = await open({ topics: false }, { multiplex: 'always' });
    const other = new SseDriver({ url, multiplex: 'always' });
    endings.push(() => other.destroy());
    const topics = topicsOf(8);
    const heard = await listen(driver, topics);
    for (const topic of topics) await other.publish(topic, new TextEncoder().encode(topic));
    await expect.poll(() => [...heard.values()]).toEqual(topics.map((topic) => [topic]));
    expect(hub.subscribers).toBe(1);
  });

  it('gets a stream for each from the first update without a mark on, which is not lost', async () => {
    const { hub, driver } = await open({ topics: false }, { multiplex: 'always' });
    const topics = topicsOf(4);
    const heard = await listen(driver, topics);
    await driver.publish(topics[0]!, new TextEncoder().encode('marked'));
    await expect.poll(() => heard.get(topics[0]!)).toEqual(['marked']);
    publishToEach(hub, topics, 'unmarked');
    await expect
      .poll(() => [...heard.values()])
      .toEqual([['marked', 'unmarked'], ['unmarked'], ['unmarked'], ['unmarked']]);
    await expect.poll(() => hub.subscribers).toBe(4);
  });
});

it('what a hub has forgotten is told as one gap, naming the topics', async () => {
  const { hub, driver } = await open({});
  const topics = topicsOf(3);
  const heard = await listen(driver, topics);
  publishToEach(hub, topics, 'before');
  await expect.poll(() => [...heard.values()].flat().length).toBe(3);
  const gaps: Gap[] = [];
  driver.on('gap', (gap) => gaps.push(gap));
  hub.disrupt({ streams: 'cut', forget: true });
  await expect.poll(() => gaps.length).toBe(1);
  expect(gaps[0]).toMatchObject({ topics, lastEventId: expect.stringMatching(/./) });
  publishToEach(hub, topics, 'after');
  await expect.poll(() => [...heard.values()].flat().length).toBe(6);
  expect(gaps).toHaveLength(1);
});

it('a hub that starts to name topics gets one stream from then on', async () => {
  // As Mercure will: nothing is announced, updates just carry the field.
  const unannounced: typeof fetch = async (input, init) => {
    const { body, status, headers } = await fetch(input, init);
    return new Response(body, {
      status,
      headers: { 'Content-Type': headers.get('Content-Type')! },
    });
  };
  const { hub, driver } = await open({}, { fetch: unannounced });
  const topics = topicsOf(4);
  const heard = await listen(driver, topics);
  expect(hub.subscribers).toBe(4);
  publishToEach(hub, topics, 'first');
  await expect.poll(() => hub.subscribers).toBe(1);
  publishToEach(hub, topics, 'second');
  await expect.poll(() => [...heard.values()]).toEqual(topics.map(() => ['first', 'second']));
});
