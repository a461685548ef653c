import type { CDPSession, Page } from 'playwright';
import { expect } from 'vitest';
import type { Tab } from './tab.js';

/** A page of the browser that runs tab.ts, looked at from outside. */
export class TabPage {
  readonly name: string;
  readonly page: Page;
  /** How many streams it has opened: a tab that has opened one has led. */
  streams = 0;
  #devtools: Promise<CDPSession>;

  constructor(name: string, page: Page) {
    this.name = name;
    this.page = page;
    this.#devtools = page.context().newCDPSession(page);
    page.on('request', (request) => {
      if (request.resourceType() === 'fetch' && request.method() === 'GET') this.streams++;
    });
  }

  do<Value>(what: (tab: Tab) => Value | Promise<Value>): Promise<Value> {
    return this.page.evaluate(`(${String(what)})(globalThis.tab)`);
  }

  subscribe(topic: string): Promise<void> {
    return this.page.evaluate(`globalThis.tab.subscribe('${topic}')`);
  }

  /** Its process ends as by an error of its own. */
  async crash(): Promise<void> {
    const crashed = this.page.waitForEvent('crash');
    (await this.#devtools).send('Page.crash').catch(() => {});
    await crashed;
  }

  /** As the browser does with pages nobody has looked at for long. It must be hidden. */
  async freeze(): Promise<void> {
    await (await this.#devtools).send('Page.setWebLifecycleState', { state: 'frozen' });
    await expect.poll(() => this.do(({ frozen }) => frozen)).toBe(true);
  }

  async thaw(): Promise<void> {
    await (await this.#devtools).send('Page.setWebLifecycleState', { state: 'active' });
  }

  /** Its script does nothing for so many ms; what comes meanwhile waits. */
  async hang(milliseconds: number): Promise<void> {
    await this.page.evaluate(
      `setTimeout(() => { const end = Date.now() + ${milliseconds}; while (Date.now() < end); })`,
    );
  }

  /** Its script stops; what comes meanwhile is lost, as Chromium has it. */
  async pause(): Promise<void> {
    const devtools = await this.#devtools;
    await devtools.send('Debugger.enable');
    const paused = new Promise((resolve) => devtools.once('Debugger.paused', resolve));
    await devtools.send('Debugger.pause');
    await paused;
  }

  async resume(): Promise<void> {
    await (await this.#devtools).send('Debugger.resume');
    await (await this.#devtools).send('Debugger.disable');
  }
}
