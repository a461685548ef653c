import { SseDriver, text } from '../../../src/driver/index.js';

// The page that chromium.test.ts looks into: it listens, and keeps what it hears.

const url = new URL(document.URL).searchParams.get('hub')!;
const driver = new SseDriver({
  url,
  // By itself it would be back only after a long time.
  retry: { base: 600_000, max: 600_000 },
});
const page = {
  heard: [] as string[],
  gaps: 0,
  driver,
  /** How often it came back out of the back/forward cache. */
  restored: 0,
};

export type Page = typeof page;

driver.on('gap', () => page.gaps++);
window.addEventListener('pageshow', ({ persisted }) => persisted && page.restored++);
void driver.subscribe('room', (bytes) => page.heard.push(text.decode(bytes)));
Object.assign(globalThis, { page });
