import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults, RunOptions } from 'axe-core';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readApi } from '../../scripts/api.mjs';
import { launchOptions } from '../../scripts/chromium.mjs';

interface Entry {
  id: string;
  title: string;
  type: 'docs' | 'story';
}

const THEMES = ['light', 'dark'] as const;
/**
 * The widths, and what axe looks at there. Text and code are the same at both; what a story shows may
 * be another.
 */
const AUDITS = [
  { width: 1280, selector: '.docs-story' },
  { width: 390, selector: 'html' },
] as const;
/** So many pages at once: each is busy with its stories first, then with the checks. */
const AT_ONCE = 4;

let browser: Browser;
let context: BrowserContext;
let entries: Entry[];
let axe: string;

beforeAll(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const index = await fetch(new URL('index.json', inject('manual')));
  ({ entries } = await index
    .json()
    .then(({ entries }) => ({ entries: Object.values<Entry>(entries) })));
  browser = await chromium.launch(launchOptions());
  context = await browser.newContext();
  context.setDefaultTimeout(20_000);
  // One page first: it starts the hub for all.
  const first = await openPage('iframe.html?id=welcome--page&viewMode=docs');
  await first.page.close();
});

afterAll(() => browser.close());

async function openPage(path: string): Promise<{ page: Page; errors: string[] }> {
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    const { url } = message.location();
    // A browser asks for it by itself, where an iframe is opened as a page.
    if (message.type() === 'error' && !url.endsWith('/favicon.ico')) {
      errors.push(`${message.text()} ${url}`);
    }
  });
  await page.goto(new URL(path, inject('manual')).href);
  return { page, errors };
}

describe('every page of the manual', () => {
  it('is readable in light and dark, on a desk and on a phone', { timeout: 300_000 }, async () => {
    const pages = entries.filter(({ type }) => type === 'docs');
    const waiting = [...pages];
    const faults: string[] = [];
    const checkNext = async (): Promise<void> => {
      const next = waiting.shift();
      if (!next) return;
      faults.push(...(await check(next)));
      await checkNext();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, checkNext));
    expect(faults).toEqual([]);
    expect(pages.length).toBeGreaterThan(35);
  });

  it('covers every hook, component, class, function and constant', async () => {
    const files = await readdir('stories', { recursive: true });
    const pages = files.filter((path) => path.endsWith('.mdx') && !path.startsWith('api'));
    const texts = await Promise.all(pages.map((path) => readFile(join('stories', path), 'utf8')));
    const covered = new Set(
      [...texts.join('').matchAll(/<Reference of="(\w+?)(?:Props)?"/g)].map(([, name]) => name),
    );
    const named = readApi()
      .flatMap((entry) => entry.exports)
      .filter(({ kind }) => kind !== 'interface' && kind !== 'type')
      .map(({ name }) => name);
    expect(named.filter((name) => !covered.has(name))).toEqual([]);
  });

  it('lists every entry of the package', () => {
    const titles = entries.map(({ title }) => title);
    const pages = readApi().map(({ name }) => `API/${name.replace(/^react-signaling\//, '')}`);
    expect(titles).toEqual(expect.arrayContaining(pages));
  });

  it('links to pages that there are', async () => {
    const files = await readdir('stories', { recursive: true });
    const texts = files
      .filter((path) => path.endsWith('.mdx'))
      .map((path) => join('stories', path));
    const links = (await Promise.all(texts.map((path) => readFile(path, 'utf8')))).flatMap(
      (text) => [...text.matchAll(/\]\(\?path=\/(docs|story)\/([^)&]+)/g)],
    );
    const ids = new Set(entries.map(({ type, id }) => `${type} ${id}`));
    const broken = links.filter(([, type, id]) => !ids.has(`${type} ${id}`));
    expect(broken.map(([link]) => link)).toEqual([]);
    expect(links.length).toBeGreaterThan(20);
  });

  it('stands behind every story', () => {
    const titles = new Set(entries.filter(({ type }) => type === 'docs').map(({ title }) => title));
    const without = entries.filter(({ title }) => !titles.has(title.replace(/\/Layouts$/, '')));
    expect(without.map(({ id }) => id)).toEqual([]);
  });
});

/** What is wrong with a page, a line each. It is loaded once, and its theme changes as the system's. */
async function check({ id }: Entry): Promise<string[]> {
  const { page, errors } = await openPage(`iframe.html?id=${id}&viewMode=docs`);
  const faults: string[] = [];
  try {
    await page.locator('.sbdocs h1').first().waitFor();
    await page.waitForFunction(storiesAreShown);
    // Under a name of its own: Storybook has an axe, too.
    await page.addScriptTag({ content: `${axe};globalThis.auditor = axe` });
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme });
      await page.waitForFunction(isDrawnIn, theme);
      for (const { width, selector } of AUDITS) {
        await page.setViewportSize({ width, height: 900 });
        const found = [
          ...(await page.evaluate(lookAtLayout)),
          ...(await page.evaluate(audit, { selector, options: AXE })),
        ];
        faults.push(...found.map((fault) => `${theme}, ${width} px: ${fault}`));
      }
    }
  } catch (error) {
    faults.push(String(error));
  }
  await page.close();
  return [...faults, ...new Set(errors)].map((fault) => `${id}, ${fault}`);
}

const AXE: RunOptions = {
  resultTypes: ['violations'],
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
  // There is no axe in the frames of a page. What they show is looked at as a story.
  iframes: false,
};

// What follows runs in the page.

function storiesAreShown(): boolean {
  const places = [...document.querySelectorAll('.docs-story [id^="story--"]')];
  return places.every(({ childElementCount }) => childElementCount > 0);
}

function isDrawnIn(theme: string): boolean {
  const { backgroundColor } = getComputedStyle(document.querySelector('.sbdocs')!);
  const [red] = /\d+/.exec(backgroundColor)!;
  return Number(red) > 127 === (theme === 'light');
}

function lookAtLayout(): string[] {
  const faults: string[] = [];
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) faults.push(`scrolls sideways, ${scrollWidth} px`);
  if (document.body.innerText.includes('[object')) faults.push('shows [object');
  return faults;
}

async function audit({ selector, options }: { selector: string; options: RunOptions }) {
  const { run } = Reflect.get(globalThis, 'auditor') as {
    run(parts: NodeList, options: RunOptions): Promise<AxeResults>;
  };
  const parts = document.querySelectorAll(selector);
  const { violations } = parts.length > 0 ? await run(parts, options) : { violations: [] };
  return violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 2).map(({ html, failureSummary }) => {
      return `${id}: ${html.slice(0, 120)} ${failureSummary?.split('\n')[1] ?? ''}`;
    }),
  );
}

it('holds a call between two tabs, on files alone', { timeout: 60_000 }, async () => {
  const openAs = (name: string) =>
    openPage(
      `iframe.html?id=call-kit-videocall--one-per-tab&viewMode=story&args=picture:drawn;lobby:!false;name:${name}`,
    );
  const [here, there] = await Promise.all([openAs('Cleo'), openAs('Bo')]);
  await here.page.getByLabel('Video of Bo').waitFor();
  await there.page.getByLabel('Video of Cleo').waitFor();
  for (const { page } of [here, there]) await page.waitForFunction(aVideoOfAnotherMoves);
  expect([...here.errors, ...there.errors]).toEqual([]);
  await Promise.all([here.page.close(), there.page.close()]);
});

function aVideoOfAnotherMoves(): boolean {
  const videos = [...document.querySelectorAll<HTMLVideoElement>('video[aria-label^="Video of"]')];
  return videos.every(({ currentTime, videoWidth }) => currentTime > 0.5 && videoWidth > 0);
}
