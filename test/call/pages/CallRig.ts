import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser, type Page } from 'playwright';
import { build, type Rollup } from 'vite';
import { launchOptions } from '../../../scripts/chromium.mjs';
import { FaultProxy } from '../../servers/faultProxy.js';
import { embedded, type TestHub } from '../../servers/TestHub.js';
import { Firefox } from './Firefox.js';
import type { Caller, PageOptions } from './page.js';

/** A hub behind a proxy that can break, and a browser whose pages call each other over it. */
export class CallRig {
  readonly hub: TestHub;
  readonly proxy: FaultProxy;
  readonly browser: Browser;
  /** What pages are given that ask at `/rtc` how to connect. */
  rtc: () => RTCConfiguration = () => ({});
  readonly #site: Server;
  #firefox: Firefox | undefined;
  #rooms = 0;

  private constructor(hub: TestHub, proxy: FaultProxy, browser: Browser, site: Server) {
    this.hub = hub;
    this.proxy = proxy;
    this.browser = browser;
    this.#site = site;
    site.prependListener('request', ({ url }, response) => {
      if (url === '/rtc') response.end(JSON.stringify(this.rtc()));
    });
  }

  static async open(): Promise<CallRig> {
    const site = await serve(await bundle());
    const origin = originOf(site);
    const hub = await embedded({ protocol: '1.0', openToAll: true })({ origin });
    const proxy = await FaultProxy.start(hub.url);
    const browser = await chromium.launch(launchOptions());
    return new CallRig(hub, proxy, browser, site);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.#firefox?.close();
    await this.proxy.close();
    await this.hub.close();
    this.#site.close();
    this.#site.closeAllConnections();
  }

  async closePages(): Promise<void> {
    for (const context of this.browser.contexts()) await context.close();
  }

  /** A topic that was never used. */
  newRoom(): string {
    this.#rooms += 1;
    return `https://example.com/rooms/${this.#rooms}`;
  }

  /** How many POSTs the hub was sent since `start` was counted. */
  get posts(): number {
    return this.proxy.requests.filter(({ method }) => method === 'POST').length;
  }

  /** What the browser has taken of all processors so far, in s. */
  async processorTime(): Promise<number> {
    const session = await this.browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    await session.detach();
    return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  }

  /** A page of Firefox, ready to join. */
  async prepareFirefox(
    options: Partial<PageOptions> & Pick<PageOptions, 'room'>,
  ): Promise<CallPage<BrowserPage>> {
    this.#firefox ??= await Firefox.open();
    const page = await this.#firefox.newPage();
    const caller = new CallPage(page, `${originOf(this.#site)}/`, {
      hub: this.proxy.url,
      ...options,
    });
    await caller.reload();
    return caller;
  }

  /** A page of a browser of its own, ready to join. */
  async prepare(options: Partial<PageOptions> & Pick<PageOptions, 'room'>): Promise<CallPage> {
    const context = await this.browser.newContext();
    const page = await context.newPage();
    const caller = new CallPage(page, `${originOf(this.#site)}/`, {
      hub: this.proxy.url,
      ...options,
    });
    await caller.reload();
    return caller;
  }

  /** So many pages, all ready to join the same room. */
  async prepareAll(count: number, options: Partial<PageOptions> = {}): Promise<CallPage[]> {
    const room = this.newRoom();
    const names = Array.from({ length: count }, (_, index) => `Peer ${index + 1}`);
    const pages: CallPage[] = [];
    for (const name of names) pages.push(await this.prepare({ room, name, ...options }));
    return pages;
  }
}

/** What is needed of a page, whoever drives its browser. */
export interface BrowserPage {
  goto(url: string): Promise<unknown>;
  evaluate(script: string): Promise<any>;
}

/** One caller in a page of its own. */
export class CallPage<Driven extends BrowserPage = Page> {
  readonly page: Driven;
  readonly #url: string;
  readonly #options: PageOptions;

  constructor(page: Driven, url: string, options: PageOptions) {
    this.page = page;
    this.#url = url;
    this.#options = options;
  }

  /** Loads the page anew, up to the point where it may join. */
  async reload(options: Partial<PageOptions> = {}): Promise<void> {
    await this.page.goto(this.#url);
    await this.page.evaluate(`prepare(${JSON.stringify({ ...this.#options, ...options })})`);
  }

  join(): Promise<void> {
    return this.page.evaluate('join()');
  }

  /** Asks the page; `what` runs there. */
  look<Value>(what: (caller: Caller) => Value): Promise<Value> {
    return this.page.evaluate(`(${String(what)})(globalThis.caller)`);
  }

  /** How many peers it is connected to. */
  connected(): Promise<number> {
    return this.look(
      ({ call }) => call.state.peers.filter(({ state }) => state === 'connected').length,
    );
  }

  /** Closes what the page shows, as leaving it does. */
  async close(): Promise<void> {
    await this.page.goto('about:blank');
  }
}

/** Every one is connected to all the others, and to nobody else. */
export async function allConnected(pages: readonly CallPage<BrowserPage>[]): Promise<boolean> {
  const states = await Promise.all(
    pages.map((page) => page.look(({ call }) => call.state.peers.map(({ state }) => state))),
  );
  return states.every(
    (peers) => peers.length === pages.length - 1 && peers.every((state) => state === 'connected'),
  );
}

/** Waits for a condition and returns how long it took, in ms. */
export async function waitFor(
  condition: () => Promise<boolean>,
  limit = 30_000,
): Promise<number | undefined> {
  const start = performance.now();
  while (performance.now() - start < limit) {
    if (await condition()) return Math.round(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return undefined;
}

async function bundle(): Promise<string> {
  const output = (await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      lib: { entry: 'test/call/pages/page.ts', formats: ['es'], fileName: 'page' },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  })) as Rollup.RollupOutput[];
  return output[0]!.output[0].code;
}

async function serve(script: string): Promise<Server> {
  const site = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    if (response.writableEnded) return;
    response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
    response.end(
      isScript ? script : '<!doctype html><script type="module" src="/page.js"></script>',
    );
  });
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  return site;
}

function originOf(site: Server): string {
  return `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
}
