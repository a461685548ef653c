import { chromium, type Browser, type Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchOptions } from '../../scripts/chromium.mjs';
import { FaultProxy } from '../servers/faultProxy.js';
import { servePages } from '../servers/pages.js';
import type { OpenHub, TestHub } from '../servers/TestHub.js';
import type { MemberPage } from './pages/member.js';

const BEAT = 2_000;
/** A lost member is gone after one and a half beats; the rest is this machine's. */
const GONE = { timeout: 1.5 * BEAT + 4_000 };
const SOON = { timeout: 10_000 };

/** Members in pages of their own in Chromium, on another origin than the hub, behind a proxy. */
export function describePresence(name: string, openHub: OpenHub): void {
  describe(`presence in Chromium on ${name}`, { timeout: 90_000 }, () => {
    let pages: Awaited<ReturnType<typeof servePages>>;
    let browser: Browser;
    let hub: TestHub;
    let proxy: FaultProxy;
    let authorization: string;
    let contexts: { close(): Promise<unknown> }[];

    beforeAll(async () => {
      pages = await servePages({ '/member': 'test/presence/pages/member.ts', '/away': undefined });
      browser = await chromium.launch(launchOptions());
    });

    afterAll(async () => {
      await browser?.close();
      await pages?.close();
    });

    beforeEach(async () => {
      hub = await openHub({ origin: pages.origin });
      proxy = await FaultProxy.start(hub.url);
      authorization = (await hub.authorize()).Authorization ?? '';
      contexts = [];
    });

    afterEach(async () => {
      for (const context of contexts) await context.close();
      await expect.poll(() => proxy.inFlight, SOON).toBe(0);
      await proxy.close();
      await hub.close();
    });

    function urlOf(name: string): string {
      const topic = 'https://example.com/rooms/1/presence';
      const query = { hub: proxy.url, topic, name, beat: `${BEAT}`, authorization };
      return `${pages.origin}/member?${new URLSearchParams(query)}`;
    }

    async function open(name: string): Promise<Page> {
      const context = await browser.newContext();
      contexts.push(context);
      const page = await context.newPage();
      await page.goto(urlOf(name));
      return page;
    }

    /**
     * A page that can be frozen. Pages that Playwright makes cannot: it emulates focus, so that they
     * are never hidden, and Chromium freezes only hidden pages.
     */
    async function openFreezable(name: string) {
      const devtools = await browser.newBrowserCDPSession();
      const context = await devtools.send('Target.createBrowserContext');
      const target = await devtools.send('Target.createTarget', { url: urlOf(name), ...context });
      const { sessionId } = await devtools.send('Target.attachToTarget', { ...target });
      const turn = (state: 'frozen' | 'active') => {
        const call = { id: 1, method: 'Page.setWebLifecycleState', params: { state } };
        const message = JSON.stringify(call);
        return devtools.send('Target.sendMessageToTarget', { sessionId, message });
      };
      contexts.push({ close: () => devtools.send('Target.disposeBrowserContext', context) });
      return { freeze: () => turn('frozen'), resume: () => turn('active') };
    }

    const look = <Value>(page: Page, what: (member: MemberPage) => Value): Promise<Value> =>
      page.evaluate(`(${String(what)})(globalThis.member)`);
    const others = (page: Page) => look(page, (member) => member.others());
    const shown = (page: Page) => look(page, (member) => member.shown.splice(0));

    async function openAll(...names: string[]): Promise<Page[]> {
      const members: Page[] = [];
      for (const name of names) members.push(await open(name));
      for (const [index, page] of members.entries()) {
        const rest = names.filter((_, other) => other !== index).sort();
        await expect.poll(() => others(page), SOON).toEqual(rest);
        await shown(page);
      }
      return members;
    }

    it('a page that is closed is gone at once, and one that crashes after one and a half beats', async () => {
      const [ada, bob, cleo] = (await openAll('Ada', 'Bob', 'Cleo')) as [Page, Page, Page];
      // A beat of its own would be later.
      await cleo.goto(`${pages.origin}/away`);
      await expect.poll(() => others(ada), { timeout: BEAT }).toEqual(['Bob']);
      const devtools = await bob.context().newCDPSession(bob);
      const crashed = bob.waitForEvent('crash');
      devtools.send('Page.crash').catch(() => {});
      await crashed;
      await expect.poll(() => others(ada), GONE).toEqual([]);
    });

    it('a page that is loaded again leaves no ghost', async () => {
      const [ada, bob] = (await openAll('Ada', 'Bob')) as [Page, Page];
      for (let count = 0; count < 3; count++) {
        await bob.reload();
        await expect.poll(() => others(bob), SOON).toEqual(['Ada']);
        await expect.poll(() => others(ada), SOON).toEqual(['Bob']);
      }
      const lists = await shown(ada);
      expect(lists.filter((list) => list.length > 1)).toEqual([]);
    });

    it('a page that is frozen is gone at once, and back when it runs again', async () => {
      const ada = await open('Ada');
      const bob = await openFreezable('Bob');
      for (let count = 0; count < 2; count++) {
        await expect.poll(() => others(ada), SOON).toEqual(['Bob']);
        await bob.freeze();
        await expect.poll(() => others(ada), { timeout: 1.5 * BEAT }).toEqual([]);
        // The page would speak again by now if it still ran.
        await new Promise((resolve) => setTimeout(resolve, 2 * BEAT));
        expect(await others(ada)).toEqual([]);
        await bob.resume();
      }
      await expect.poll(() => others(ada), SOON).toEqual(['Bob']);
    });

    it('an outage of 20 s throws nobody out', async () => {
      const members = await openAll('Ada', 'Bob', 'Cleo');
      proxy.decide = () => ({ kind: 'reset' });
      for (const stream of proxy.streams) stream.reset();
      await new Promise((resolve) => setTimeout(resolve, 20_000));
      for (const page of members) {
        expect(await look(page, ({ presence }) => presence.state.status)).toBe('reconnecting');
      }
      proxy.decide = () => undefined;
      for (const page of members) {
        const isOpen = () => look(page, ({ presence }) => presence.state.status);
        await expect.poll(isOpen, SOON).toBe('open');
      }
      // Whoever were thrown out, now would be the time.
      await new Promise((resolve) => setTimeout(resolve, 2 * BEAT));
      for (const page of members) {
        expect(await others(page)).toHaveLength(2);
        for (const list of await shown(page)) expect(list).toHaveLength(2);
      }
    });
  });
}
