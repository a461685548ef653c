import { SseDriver } from '../../../src/driver/index.js';

// The page that http2.test.ts looks into.

const parameters = new URL(document.URL).searchParams;
const driver = new SseDriver({ url: parameters.get('hub')! });
const page = { driver, open: new Set<number>(), errors: [] as string[] };

export type Page = typeof page;

driver.on('error', ({ code }) => page.errors.push(code));
for (let topic = 0; topic < Number(parameters.get('topics')); topic++) {
  driver
    .subscribe(`https://example.com/topics/${topic}`, () => {})
    .then(
      () => page.open.add(topic),
      () => {},
    );
}
Object.assign(globalThis, { page });
