// Takes the README's picture, as `npm run picture`: the story "Video call" of the built Storybook,
// served with the hub inside, once both people see each other move.

import { chromium } from 'playwright';
import { preview } from 'vite';
import { launchOptions } from './chromium.mjs';

const STORY =
  'iframe.html?id=components-videocall--two-peers&args=picture:drawn&globals=theme:light';
const ENOUGH_FRAMES = 90;

const server = await preview({
  build: { outDir: 'storybook-static' },
  preview: { host: '127.0.0.1' },
});
const browser = await chromium.launch(launchOptions());
try {
  const page = await browser.newPage({
    viewport: { width: 1200, height: 800 },
    deviceScaleFactor: 1.5,
  });
  await page.goto(`${server.resolvedUrls?.local[0]}${STORY}`);
  await Promise.all([seesMoving(page, 'Ana', 'Bo'), seesMoving(page, 'Bo', 'Ana')]);
  await page.locator('.side-by-side').screenshot({ path: 'docs/call.png' });
} finally {
  await browser.close();
  await server.close();
}

/**
 * Waits until what one person sees of the other has changed often enough. The test picture gives a
 * frame only when it has moved.
 *
 * @param {import('playwright').Page} page
 * @param {string} who
 * @param {string} other
 */
async function seesMoving(page, who, other) {
  const call = page.getByRole('region', { name: `Video call of ${who}` });
  await call.getByLabel(`Video of ${other}`, { exact: true }).evaluate(countFrames, ENOUGH_FRAMES);
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
