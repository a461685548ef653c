// @vitest-environment node
import { chromium, type Browser } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchOptions } from '../../scripts/chromium.mjs';
import { SseDriver, text } from '../../src/driver/index.js';
import { FaultProxy } from '../servers/faultProxy.js';
import { servePages } from '../servers/pages.js';
import { freePort } from '../servers/ports.js';
import { embedded, type TestHub } from '../servers/TestHub.js';
import { TabPage } from './TabPage.js';

/** To look is work for every tab: not too often. */
const SOON = { timeout: 60_000, interval: 250 };
const TOPICS = ['room', 'other'];

/** Real tabs of one window over HTTP/1.1, so that all but one are hidden. */
describe('tabs of one browser', { timeout: 120_000 }, () => {
  let pages: Awaited<ReturnType<typeof servePages>>;
  let launched: Browser;
  let browser: Browser;
  let hub: TestHub;
  let proxy: FaultProxy;
  let tabs: TabPage[];
  let outsider: Outsider;
  /** One for all topics, or one for each. */
  let streamsNeeded: number;

  beforeAll(async () => {
    pages = await servePages({ '/tab': 'test/tabs/tab.ts' });
    const port = await freePort();
    const { args, ...options } = launchOptions();
    launched = await chromium.launch({
      ...options,
      args: [...args!, '--headless=new', `--remote-debugging-port=${port}`],
    });
    // By default every page would be told that it is looked at, and none could freeze.
    browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true });
  });

  afterAll(async () => {
    await launched?.close();
    await pages?.close();
  });

  beforeEach(async () => {
    await openHub();
    tabs = [];
  });

  afterEach(async () => {
    await outsider.stop();
    for (const { page } of tabs) await page.close();
    await closeHub();
  }, 60_000);

  async function openHub(options: { topics?: false } = {}): Promise<void> {
    const open = embedded({ protocol: '0.x', openToAll: true, ...options });
    hub = await open({ origin: pages.origin });
    streamsNeeded = options.topics === false ? TOPICS.length : 1;
    proxy = await FaultProxy.start(hub.url);
    outsider = new Outsider(hub.url);
  }

  async function closeHub(): Promise<void> {
    await expect.poll(() => proxy.inFlight, SOON).toBe(0);
    await proxy.close();
    await hub.close();
  }

  async function open(...topics: string[]): Promise<TabPage> {
    const name = `tab${tabs.length + 1}`;
    const tab = new TabPage(name, await browser.contexts()[0]!.newPage());
    tabs.push(tab);
    await tab.page.goto(`${pages.origin}/tab?name=${name}&hub=${encodeURIComponent(proxy.url)}`);
    await tab.page.waitForFunction('globalThis.tab');
    for (const topic of topics) await tab.subscribe(topic);
    return tab;
  }

  /** So many tabs, each of which publishes to both topics; the first one leads. */
  async function openTalking(count: number): Promise<[TabPage, ...TabPage[]]> {
    while (tabs.length < count) await open(...TOPICS);
    for (const tab of tabs) await tab.do(({ start }) => start('room', 'other'));
    outsider.start();
    await goOn(tabs, 5);
    expect(tabs.filter(({ streams }) => streams > 0)).toEqual([tabs[0]]);
    expect(proxy.streams.size).toBe(streamsNeeded);
    return tabs as [TabPage, ...TabPage[]];
  }

  async function goOn(who: TabPage[], rounds = 10): Promise<void> {
    const taken = () => Promise.all(who.map((tab) => tab.do(({ taken }) => taken)));
    const before = await taken();
    await expect
      .poll(
        async () => (await taken()).every((count, index) => count >= before[index]! + rounds),
        SOON,
      )
      .toBe(true);
  }

  /** Has these stop; each must have heard all of it, once and in order. */
  async function expectAllHeard(listeners: TabPage[], gone?: TabPage): Promise<void> {
    await goOn(listeners);
    const said: Record<string, number[]> = { outsider: upTo(await outsider.stop()) };
    for (const tab of listeners) said[tab.name] = upTo(await tab.do(({ stop }) => stop()));
    for (const tab of listeners) {
      await expect.poll(() => heardBy(tab).then(countAll(said)), SOON).toBe(true);
      for (const topic of TOPICS) {
        const { [gone?.name ?? '']: lastWords = [], ...heard } = (await heardBy(tab))[topic]!;
        expect(heard, `${tab.name} on ${topic}`).toEqual(said);
        expect(lastWords).toEqual(upTo(lastWords.length));
      }
      expect(await tab.do(({ own }) => own)).toBe(TOPICS.length * said[tab.name]!.length);
      expect(await tab.do(({ gaps, errors }) => [gaps, errors])).toEqual([[], []]);
      expect(await tab.do(({ driver }) => driver.connection)).toMatchObject({
        status: 'open',
        queued: 0,
      });
    }
    await expect.poll(() => proxy.streams.size, SOON).toBe(streamsNeeded);
  }

  const heardBy = (tab: TabPage) => tab.do(({ heard }) => heard);

  function countAll(said: Record<string, number[]>) {
    return (heard: Awaited<ReturnType<typeof heardBy>>) =>
      TOPICS.every((topic) =>
        Object.entries(said).every(
          ([name, { length }]) => (heard[topic]![name] ?? []).length >= length,
        ),
      );
  }

  it('share one stream, eight of them, and publish through it', async () => {
    const [leader] = await openTalking(8);
    await expectAllHeard(tabs);
    expect(tabs.filter(({ streams }) => streams > 0)).toEqual([leader]);
  });

  it('go on where the leader was when that is closed', async () => {
    const [leader, ...others] = await openTalking(8);
    await leader.page.close();
    await expectAllHeard(others, leader);
  });

  it('go on where the leader was when that crashes', async () => {
    const [leader, ...others] = await openTalking(8);
    await leader.crash();
    await expectAllHeard(others, leader);
  });

  it('go on so on a hub that names no topics, on a stream for each', async () => {
    await closeHub();
    await openHub({ topics: false });
    const [leader, ...others] = await openTalking(4);
    await leader.crash();
    await expectAllHeard(others, leader);
  });

  it('go on where the leader was when that freezes, and it hears what it missed', async () => {
    const [leader, next] = await openTalking(4);
    await leader.freeze();
    await expect.poll(() => next!.streams, SOON).toBeGreaterThan(0);
    await goOn(tabs.slice(1));
    await leader.thaw();
    await expectAllHeard(tabs);
  });

  it('go on where the leader was when that hangs, and it steps back', async () => {
    const [leader, ...others] = await openTalking(4);
    await leader.hang(12_000);
    await expect.poll(() => others.some(({ streams }) => streams > 0), SOON).toBe(true);
    await goOn(others);
    await expectAllHeard(tabs);
  });

  it('lose nothing when one is held by a debugger, be it the leader', async () => {
    const [leader, next, ...others] = await openTalking(4);
    await next!.pause();
    await goOn([leader, ...others]);
    await next!.resume();
    await expect.poll(() => next!.streams, SOON).toBeGreaterThan(0);
    await goOn(tabs);
    await next!.pause();
    await goOn([leader, ...others]);
    await next!.resume();
    await expectAllHeard(tabs);
  });

  it('lose nothing when all of them freeze and a new one leads meanwhile', async () => {
    await openTalking(3);
    const frozen = [...tabs];
    const stranger = await open();
    for (const tab of frozen) await tab.freeze();
    await stranger.do(({ driver, start }) => (driver.reconnect(), start('room', 'other')));
    await goOn([stranger]);
    for (const tab of frozen) await tab.thaw();
    const said = upTo(await stranger.do(({ stop }) => stop()));
    await goOn(frozen);
    await expectAllHeard(frozen, stranger);
    for (const tab of frozen) {
      expect((await heardBy(tab)).room).toMatchObject({ [stranger.name]: said });
    }
  });

  it('leave nothing behind when they are gone', async () => {
    const leader = await open();
    await leader.do(({ driver }) => driver.publish('room', []));
    const follower = await open('room');
    expect(leader.streams).toBe(1);
    expect(follower.streams).toBe(0);
    await follower.page.close();
    await expect.poll(() => proxy.streams.size, SOON).toBe(0);
    await leader.do(({ driver }) => driver.destroy());
    const locks = () => leader.page.evaluate(() => navigator.locks.query());
    await expect.poll(locks, SOON).toEqual({ held: [], pending: [] });
  });
});

/** Publishes all the time, also while no tab leads. */
class Outsider {
  readonly #driver: SseDriver;
  #publishing = false;
  #flow = Promise.resolve();
  #taken = 0;

  constructor(url: string) {
    this.#driver = new SseDriver({ url });
  }

  start(): void {
    this.#publishing = true;
    this.#flow = this.#publish();
  }

  async stop(): Promise<number> {
    this.#publishing = false;
    await this.#flow;
    this.#driver.destroy();
    return this.#taken;
  }

  async #publish(): Promise<void> {
    while (this.#publishing) {
      const words = text.encode(`outsider ${this.#taken}`);
      await Promise.all(TOPICS.map((topic) => this.#driver.publish(topic, words)));
      this.#taken++;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
