import { spawnSync } from 'node:child_process';
import { launch, type Browser, type Page } from 'puppeteer-core';

const PATH = process.env.FIREFOX_PATH ?? '/usr/bin/firefox-esr';

/** Whether there is a Firefox on this machine. */
export const hasFirefox = spawnSync(PATH, ['--version']).error === undefined;

/** A camera without hardware or questions, WebRTC on this machine, and no question to the internet. */
const PREFERENCES = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'media.autoplay.default': 0,
  'media.gmp-manager.url': '',
  'network.proxy.type': 0,
};

/** Firefox, which Playwright cannot drive where it is Debian's. */
export class Firefox {
  readonly #browser: Browser;

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async open(): Promise<Firefox> {
    const browser = await launch({
      browser: 'firefox',
      executablePath: PATH,
      headless: true,
      extraPrefsFirefox: PREFERENCES,
    });
    return new Firefox(browser);
  }

  newPage(): Promise<Page> {
    return this.#browser.newPage();
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}
