// Takes the README's picture from the built Storybook, as `npm run picture`. With a folder, as
// `npm run picture -- FOLDER`, it also takes every size, theme and scene of a call into it.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { preview } from 'vite';
import { launchOptions } from './chromium.mjs';

/** @typedef {{ story: string, args?: string, width: number, height: number, theme: string }} Picture */

const LAYOUTS = 'call-kit-videocall-layouts--';
const LOBBY = 'call-kit-lobby--ready';
const SIZES = [
  [1280, 800],
  [390, 844],
  [844, 390],
];
const ENOUGH_FRAMES = 12;

const [folder] = process.argv.slice(2);
const server = await preview({
  build: { outDir: 'storybook-static' },
  preview: { host: '127.0.0.1' },
});
const browser = await chromium.launch(launchOptions());
try {
  await take(
    {
      story: `${LAYOUTS}chat-open`,
      args: 'people:4;sharing:!true',
      width: 1280,
      height: 800,
      theme: 'light',
    },
    'docs/call.png',
  );
  if (folder) await takeAll(folder);
} finally {
  await browser.close();
  await server.close();
}

/** @param {string} folder */
async function takeAll(folder) {
  await mkdir(folder, { recursive: true });
  for (const theme of ['light', 'dark']) {
    for (const [width = 0, height = 0] of SIZES) {
      /** @type {(name: string, story: string, args?: string) => Promise<void>} */
      const takeOne = (name, story, args) =>
        take(
          { story, args, width, height, theme },
          join(folder, `${name}-${width}x${height}-${theme}.png`),
        );
      for (const people of [1, 2, 4, 8, 12]) {
        await takeOne(`people-${people}`, `${LAYOUTS}grid`, `people:${people}`);
      }
      await takeOne('screen-share', `${LAYOUTS}screen-share`, 'people:5');
      await takeOne('chat', `${LAYOUTS}chat-open`);
      await takeOne('lobby', LOBBY);
    }
  }
}

/**
 * Takes one story, once its play function is over and all that is seen moves.
 *
 * @param {Picture} picture
 * @param {string} path
 */
async function take({ story, args = '', width, height, theme }, path) {
  const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: 1.5 });
  const address = new URL('iframe.html', server.resolvedUrls?.local[0]);
  address.search = `id=${story}&args=${args}&globals=theme:${theme}`;
  await page.goto(address.href);
  await page.locator('video').first().evaluate(countFrames, ENOUGH_FRAMES);
  await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).blur());
  await page.screenshot({ path });
  await page.close();
}

/**
 * @param {HTMLVideoElement | SVGElement | HTMLElement} element
 * @param {number} enough
 */
function countFrames(element, enough) {
  const video = /** @type {HTMLVideoElement} */ (element);
  return new Promise((resolve) => {
    let frames = 0;
    video.requestVideoFrameCallback(function count() {
      frames += 1;
      if (frames === enough) resolve(undefined);
      else video.requestVideoFrameCallback(count);
    });
  });
}
