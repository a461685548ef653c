// `npm run bench:presence`: what a crowd that joins at once publishes, over a hub on loopback.

import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';

/** @typedef {import('../src/driver/index.js').Bytes} Bytes */

// As it is shipped; `npm run bench:presence` has built it.
/** @type {typeof import('../src/driver/index.js')} */
const { SseDriver } = await import(new URL('../dist/driver/index.js', import.meta.url).href);
/** @type {typeof import('../src/presence/Presence.js')} */
const { Presence } = await import(new URL('../dist/presence/Presence.js', import.meta.url).href);
/** @type {typeof import('../src/testing/index.js')} */
const { startHub } = await import(new URL('../dist/testing/index.js', import.meta.url).href);

const MEMBERS = Number(process.env.MEMBERS ?? 100);
const SECOND = 1_000;
/** A later publish of a member says that it is still there. */
const JOINING = 5 * SECOND;

const { url, close } = await startHub();
const crowd = Array.from({ length: MEMBERS }, (_, index) => open(`member ${index}`));
const late = open('late');
const everybody = [...crowd, late];

const begin = performance.now();
for (const member of crowd) {
  member.join();
  await pause(SECOND / MEMBERS);
}
const joins = `${MEMBERS} within ${since(begin)}`;
await until(() => crowd.every(({ presence }) => presence.state.others.length === MEMBERS - 1));
const rows = [{ joins, 'all see all after': since(begin), ...(await count(crowd)) }];

late.join();
await until(() => late.presence.state.others.length === MEMBERS);
rows.push({
  joins: 'one more',
  'all see all after': since(late.joinedAt),
  ...(await count([late])),
});
console.table(rows);

for (const { presence, driver } of everybody) {
  presence.leave();
  driver.destroy();
}
await close();

/**
 * A member with a driver of its own.
 *
 * @param {string} name
 */
function open(name) {
  const driver = new SseDriver({ url });
  const topic = 'https://example.com/presence';
  const presence = new Presence({ driver, topic, me: { name } });
  const member = {
    driver,
    presence,
    joinedAt: 0,
    /** @type {{ at: number, isBeat: boolean }[]} */
    published: [],
    join() {
      member.joinedAt = performance.now();
      presence.join();
    },
  };
  driver.on('publish', (_, data) => void note(data, performance.now()));
  return member;

  /**
   * @param {Bytes | Promise<Bytes>} data
   * @param {number} at
   */
  async function note(data, at) {
    const { asks, to } = JSON.parse(new TextDecoder().decode(Uint8Array.from(await data)));
    member.published.push({ at, isBeat: !asks && !to });
  }
}

/**
 * What was published since these joined, beats aside, once no answer waits for its turn.
 *
 * @param {ReturnType<typeof open>[]} joined
 */
async function count(joined) {
  await pause(JOINING);
  const from = Math.min(...joined.map(({ joinedAt }) => joinedAt));
  const publishes = everybody.flatMap(({ published }) =>
    published.filter(({ at, isBeat }) => at >= from && !isBeat),
  );
  const most = joined.map(
    ({ published, joinedAt }) => published.filter(({ at }) => at < joinedAt + JOINING).length,
  );
  return {
    publishes: publishes.length,
    'of a newcomer in its first 5 s, at most': Math.max(...most),
  };
}

/** @param {number} time */
function since(time) {
  return `${Math.round(performance.now() - time)} ms`;
}

/** @param {() => boolean} check */
async function until(check) {
  const endAt = performance.now() + 60 * SECOND;
  while (!check()) {
    if (performance.now() > endAt) throw new Error('They never saw each other.');
    await pause(10);
  }
}
