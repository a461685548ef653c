import { webcrypto } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { json, MemoryDriver, MemoryHub, sealed } from '../../src/driver/index.js';
import { Presence, type PresenceOptions } from '../../src/presence/index.js';

interface User {
  name: string;
  tab?: number;
  note?: string;
}

const ROOM = 'https://example.com/rooms/1/presence';
const BEAT = 15_000;

let hub: MemoryHub;
/** What was published, with the name of who did. */
let published: { by: string; message: any }[];

beforeEach(() => {
  vi.useFakeTimers();
  hub = new MemoryHub();
  published = [];
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** A page with a driver of its own. */
function open(name: string | null, options: Partial<PresenceOptions<User>> = {}) {
  const driver = new MemoryDriver(hub, { retry: { base: 100, max: 1_000 } });
  driver.on('publish', (_, data) => {
    const message = options.codec ? undefined : json.decode(Uint8Array.from(data as Uint8Array));
    published.push({ by: name ?? 'nobody', message });
  });
  const me = name === null ? null : { name };
  const presence = new Presence<User>({ driver, topic: ROOM, me, ...options });
  onTestFinished(() => {
    presence.leave();
    driver.destroy();
  });
  return {
    driver,
    presence,
    join() {
      presence.join();
      return this;
    },
    others: () => presence.state.others.map(({ data }) => data.name),
    id: () => presence.state.self!.id,
  };
}

/** Ends as a crash does. */
function crash({ driver }: ReturnType<typeof open>): void {
  driver.destroy();
}

/** Of the real clock. */
const { setTimeout: startRealTimer } = globalThis;
const realPause = (milliseconds: number) =>
  new Promise((resolve) => startRealTimer(resolve, milliseconds));

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
const publishesBy = (name: string) => published.filter(({ by }) => by === name).length;

/** Somebody who publishes what they like. */
async function forge(message: unknown, type = 'presence'): Promise<void> {
  const driver = new MemoryDriver(hub);
  await driver.publish(ROOM, json.encode(message), { type });
  driver.destroy();
  await pass(50);
}

const told = (id: string, data: unknown = { name: id }) => ({
  id,
  data,
  age: 0,
  silence: 0,
  beat: BEAT,
});

describe('joining', () => {
  test('shows everybody to everybody, the first to join first', async () => {
    const ada = open('Ada').join();
    await pass(1_000);
    const bob = open('Bob').join();
    await pass(1_000);
    const cleo = open('Cleo').join();
    await pass(1_000);
    expect(ada.others()).toEqual(['Bob', 'Cleo']);
    expect(bob.others()).toEqual(['Ada', 'Cleo']);
    expect(cleo.others()).toEqual(['Ada', 'Bob']);
    expect(ada.presence.state).toMatchObject({
      self: { id: expect.any(String), data: { name: 'Ada' } },
      status: 'open',
      error: undefined,
    });
  });

  test('takes one publish of the newcomer, and one answer of 20 others', async () => {
    for (let count = 0; count < 20; count++) open(`member ${count}`).join();
    await pass(5_000);
    published.length = 0;
    const late = open('late').join();
    await pass(3_000);
    expect(late.others()).toHaveLength(20);
    expect(publishesBy('late')).toBe(1);
    const answers = published.filter(({ message }) => message.to?.length > 0);
    expect(answers.length).toBeGreaterThanOrEqual(1);
    expect(answers.length).toBeLessThanOrEqual(2);
  });

  test.each([0, 100, 300])('of 100 within a second takes few answers, %i ms away', async (away) => {
    hub.delay(ROOM, away);
    const members = Array.from({ length: 100 }, (_, index) => open(`member ${index}`));
    for (const member of members) {
      member.join();
      await pass(10);
    }
    await pass(5_000);
    for (const member of members) expect(member.others()).toHaveLength(99);
    expect(published.length).toBeLessThanOrEqual(150);
    for (let index = 0; index < 100; index++) {
      expect(publishesBy(`member ${index}`)).toBeLessThanOrEqual(2);
    }
  });

  test('with `me: null` watches, and is not seen', async () => {
    const ada = open('Ada').join();
    await pass(100);
    const watcher = open(null).join();
    await pass(1_000);
    expect(watcher.others()).toEqual(['Ada']);
    expect(watcher.presence.state.self).toBeUndefined();
    expect(ada.others()).toEqual([]);
    const sent = publishesBy('nobody');
    await pass(10 * BEAT);
    watcher.presence.leave();
    expect(publishesBy('nobody')).toBe(sent);
  });

  test('twice, as StrictMode does, is once for the others', async () => {
    const ada = open('Ada').join();
    await pass(100);
    const bob = open('Bob').join();
    bob.presence.leave();
    bob.join();
    const seen = new Set<number>();
    ada.presence.onChange(() => seen.add(ada.others().length));
    await pass(2 * BEAT);
    expect(ada.others()).toEqual(['Bob']);
    expect(seen).toEqual(new Set([1]));
    expect(bob.others()).toEqual(['Ada']);
  });
});

describe('leaving', () => {
  test('with a bye is seen at once, and nobody hears of it again', async () => {
    const [ada, bob] = [open('Ada').join(), open('Bob').join()];
    await pass(1_000);
    bob.presence.leave();
    await pass(50);
    expect(ada.others()).toEqual([]);
    expect(bob.presence.state).toMatchObject({ self: undefined, others: [], status: 'idle' });
    await pass(3 * BEAT);
    expect(ada.others()).toEqual([]);
  });

  test('by a crash is seen after one and a half beats', async () => {
    const [ada, bob] = [open('Ada').join(), open('Bob').join()];
    await pass(1_000);
    crash(bob);
    await pass(0.7 * BEAT);
    expect(ada.others()).toEqual(['Bob']);
    await pass(0.8 * BEAT + 50);
    expect(ada.others()).toEqual([]);
  });

  test('by a crash is not undone by those who still tell of it', async () => {
    const [ada, bob] = [open('Ada').join(), open('Bob').join()];
    await pass(1_000);
    crash(bob);
    await pass(1.4 * BEAT);
    const late = open('late').join();
    await pass(500);
    expect(late.others()).toContain('Ada');
    await pass(0.2 * BEAT);
    expect(ada.others()).toEqual(['late']);
    expect(late.others()).toEqual(['Ada']);
  });

  test('as the page closes, is frozen or put away; coming back as somebody new', async () => {
    const ada = open('Ada').join();
    // All of this page hear its events, so the other one looks only.
    const watcher = open(null).join();
    await pass(1_000);
    const first = ada.id();
    for (const [away, back, target] of [
      ['pagehide', 'pageshow', window],
      ['freeze', 'resume', document],
    ] as const) {
      target.dispatchEvent(new Event(away));
      await pass(50);
      expect(ada.presence.state).toMatchObject({ self: undefined, status: 'idle' });
      target.dispatchEvent(new Event(back));
      await pass(1_000);
      expect(watcher.others()).toEqual(['Ada']);
    }
    expect(ada.id()).not.toBe(first);
  });

  test('and coming back finds nobody who was still being decoded when it left', async () => {
    const held: (() => void)[] = [];
    const slow = {
      ...json,
      decode: (bytes: Parameters<typeof json.decode>[0]) =>
        new Promise<unknown>((resolve) => held.push(() => resolve(json.decode(bytes)))),
    };
    const ada = open('Ada', { codec: slow }).join();
    const bob = open('Bob').join();
    await pass(1_000);
    ada.presence.leave();
    crash(bob);
    expect(held.length).toBeGreaterThan(0);
    for (const decode of held.splice(0)) decode();
    await pass(0);
    ada.join();
    await pass(1_000);
    expect(ada.others()).toEqual([]);
  });

  test('before the hub has accepted it, is seen by nobody', async () => {
    const watcher = open(null).join();
    await pass(500);
    hub.disconnect();
    const bob = open('Bob').join();
    await pass(500);
    bob.presence.leave();
    hub.connect();
    await pass(2 * BEAT);
    expect(watcher.others()).toEqual([]);
    expect(publishesBy('Bob')).toBe(0);
  });
});

describe('an outage of the hub', () => {
  test.each([20_000, 120_000])('of %i ms throws nobody out', async (length) => {
    const members: ReturnType<typeof open>[] = [];
    for (const name of ['Ada', 'Bob', 'Cleo']) {
      members.push(open(name).join());
      await pass(500);
    }
    const ada = members[0]!;
    const seen: string[][] = [];
    ada.presence.onChange(() => seen.push(ada.others()));
    hub.disconnect();
    await pass(length);
    expect(ada.presence.state.status).toBe('reconnecting');
    hub.connect();
    await pass(3 * BEAT);
    for (const others of seen) expect(others).toEqual(['Bob', 'Cleo']);
    for (const member of members) expect(member.others()).toHaveLength(2);
    expect(ada.presence.state.status).toBe('open');
  });

  test('is when a member can crash: it is gone one and a half beats after', async () => {
    const [ada, bob] = [open('Ada').join(), open('Bob').join()];
    await pass(1_000);
    hub.disconnect();
    crash(bob);
    await pass(60_000);
    hub.connect();
    await pass(1.4 * BEAT);
    expect(ada.others()).toEqual(['Bob']);
    await pass(0.2 * BEAT);
    expect(ada.others()).toEqual([]);
  });

  test('leaves no ghost of who left while a message of theirs waited for its next attempt', async () => {
    const watcher = open(null).join();
    const bob = open('Bob').join();
    await pass(1_000);
    const publish = bob.driver.publish.bind(bob.driver);
    let endOutage = (): void => {};
    const outage = new Promise<void>((resolve) => (endOutage = resolve));
    vi.spyOn(bob.driver, 'publish').mockImplementationOnce(async (...update) => {
      await outage;
      await publish(...update);
    });
    bob.presence.patch({ note: 'said in the outage' });
    await pass(100);
    bob.presence.leave();
    await pass(5_000);
    expect(watcher.others()).toEqual([]);
    endOutage();
    await pass(1_000);
    expect(JSON.stringify(published)).toContain('said in the outage');
    expect(watcher.others()).toEqual([]);
  });

  test('leaves no queue behind', async () => {
    const ada = open('Ada').join();
    await pass(1_000);
    hub.disconnect();
    for (let count = 0; count < 100; count++) {
      ada.presence.patch({ name: `Ada ${count}` });
      await pass(100);
    }
    expect(ada.driver.connection.queued).toBeLessThanOrEqual(1);
  });

  test('and a sleep of the page, which no event tells, throws nobody out', async () => {
    const [ada, bob] = [open('Ada').join(), open('Bob').join()];
    await pass(1_000);
    const seen: string[][] = [];
    ada.presence.onChange(() => seen.push(ada.others()));
    vi.setSystemTime(Date.now() + 3_600_000);
    await pass(3 * BEAT);
    for (const others of seen) expect(others).toEqual(['Bob']);
    expect(bob.others()).toEqual(['Ada']);
  });
});

describe('data', () => {
  test('reaches the others at once, and then at most every 100 ms, the last of it', async () => {
    const [ada, bob] = [open('Ada').join(), open('Bob').join()];
    await pass(1_000);
    published.length = 0;
    for (let count = 0; count < 50; count++) {
      bob.presence.patch({ tab: count });
      if (count === 0) await pass(20);
      if (count === 0) expect(ada.presence.state.others[0]!.data.tab).toBe(0);
      await pass(10);
    }
    await pass(200);
    expect(ada.presence.state.others[0]!.data).toEqual({ name: 'Bob', tab: 49 });
    expect(bob.presence.state.self!.data).toEqual({ name: 'Bob', tab: 49 });
    expect(publishesBy('Bob')).toBeLessThanOrEqual(8);
  });

  test('that stays the same keeps every object, and tells nobody', async () => {
    const [ada] = [open('Ada').join(), open('Bob').join()];
    await pass(1_000);
    const before = ada.presence.state;
    const onChange = vi.fn();
    ada.presence.onChange(onChange);
    await pass(10 * BEAT);
    expect(ada.presence.state).toBe(before);
    expect(onChange).not.toHaveBeenCalled();
  });

  test('of one member leaves the objects of the others alone, and their order', async () => {
    const ada = open('Ada').join();
    const rest: ReturnType<typeof open>[] = [];
    for (const name of ['Bob', 'Cleo', 'Dan']) {
      await pass(50);
      rest.push(open(name).join());
    }
    await pass(1_000);
    const before = ada.presence.state.others;
    rest[0]!.presence.patch({ note: 'new' });
    await pass(200);
    const after = ada.presence.state.others;
    expect(after.map(({ data }) => data.name)).toEqual(['Bob', 'Cleo', 'Dan']);
    expect(after[0]).not.toBe(before[0]);
    expect(after.slice(1)).toEqual(before.slice(1));
    for (const index of [1, 2]) expect(after[index]).toBe(before[index]);
  });

  test('with the same key is one member: the one that changed last, at the place of the first', async () => {
    const by: PresenceOptions<User>['by'] = ({ data }) => data.name;
    const ada = open('Ada', { by }).join();
    await pass(50);
    const tab = open('Bob', { me: { name: 'Bob', tab: 1 } }).join();
    await pass(50);
    open('Cleo').join();
    await pass(50);
    open('Bob', { me: { name: 'Bob', tab: 2 } }).join();
    open('Ada', { me: { name: 'Ada', tab: 2 } }).join();
    await pass(3_000);
    const shown = () => ada.presence.state.others.map(({ data }) => data);
    expect(shown()).toEqual([{ name: 'Bob', tab: 2 }, { name: 'Cleo' }]);
    tab.presence.patch({ note: 'here' });
    await pass(200);
    expect(shown()).toEqual([{ name: 'Bob', tab: 1, note: 'here' }, { name: 'Cleo' }]);
  });

  test('that is too large is refused: by `patch`, and by `join` in the state', async () => {
    const large = { name: 'x'.repeat(5_000) };
    const ada = open('Ada').join();
    await pass(100);
    expect(() => ada.presence.patch(large)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining('4096') }),
    );
    expect(ada.presence.state.self!.data).toEqual({ name: 'Ada' });
    const bob = open('Bob', { me: large }).join();
    expect(bob.presence.state).toMatchObject({ status: 'closed', error: { code: 'usage' } });
    await pass(100);
    expect(publishesBy('Bob')).toBe(0);
  });
});

describe('what others publish', () => {
  test('of any form breaks nothing', async () => {
    const [ada] = [open('Ada').join(), open('Bob').join()];
    await pass(1_000);
    const junk = [
      null,
      1,
      'text',
      [],
      {},
      { from: 1 },
      { from: 'x'.repeat(65), members: [] },
      { from: 'x', members: 'none' },
      { from: 'x', members: [null, 1, {}, { id: 1 }, { id: 'y' }, { id: 'y', data: 'text' }] },
      { from: 'x', members: [told('x', { name: 'x'.repeat(5_000) })] },
      { from: 'x', to: [1, null], asks: 'yes', bye: 1 },
    ];
    for (const message of junk) await forge(message);
    await forge(told('x'), 'message');
    expect(ada.others()).toEqual(['Bob']);
    const strange = { ...told('x'), age: 'old', silence: -1e99, beat: Infinity };
    await forge({ from: 'x', members: [strange] });
    expect(ada.others()).toEqual(['Bob', 'x']);
    // It promised a beat that nobody may.
    await pass(270_000);
    expect(ada.others()).toEqual(['Bob']);
  });

  test('makes at most 1,000 members, and the answers stay few', async () => {
    const ada = open('Ada').join();
    await pass(1_000);
    published.length = 0;
    for (let count = 0; count < 3; count++) {
      const members = Array.from({ length: 1_000 }, (_, index) => told(`${count} ${index}`));
      await forge({ from: `flood ${count}`, members, asks: true });
    }
    for (let count = 0; count < 200; count++) await forge({ from: `asks ${count}`, asks: true });
    expect(ada.others()).toHaveLength(1_000);
    // 10 seconds have passed.
    expect(publishesBy('Ada')).toBeLessThanOrEqual(100);
  });

  test('as a bye for somebody else is undone by their next beat', async () => {
    const [ada, bob] = [open('Ada').join(), open('Bob').join()];
    await pass(1_000);
    await forge({ from: bob.id(), bye: true });
    expect(ada.others()).toEqual([]);
    await pass(BEAT);
    expect(ada.others()).toEqual(['Bob']);
  });

  test('holds no time of day, so that no clock of another page counts', async () => {
    for (let count = 0; count < 5; count++) {
      open(`member ${count}`).join();
      await pass(500);
    }
    await pass(3 * BEAT);
    expect(published.length).toBeGreaterThan(10);
    const numbers = JSON.stringify(published)
      .match(/(?<=:)\d+/g)!
      .map(Number);
    expect(Math.max(...numbers)).toBeLessThan(100_000);
  });

  test('that does not fit the schema is not shown', async () => {
    const schema: PresenceOptions<User>['schema'] = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value: any) =>
          typeof value?.name === 'string' ? { value } : { issues: [{ message: 'no name' }] },
      },
    };
    const ada = open('Ada', { schema }).join();
    await pass(500);
    await forge({ from: 'x', members: [told('x', { title: 'none' }), told('y')] });
    expect(ada.others()).toEqual(['y']);
  });
});

describe('sealed', () => {
  const secret = (fill: number) => sealed(new Uint8Array(16).fill(fill));

  /** Web Crypto answers from other threads, which know no fake clock. */
  async function until(check: () => boolean): Promise<void> {
    for (let turns = 0; !check(); turns++) {
      if (turns > 2_000) throw new Error('It never came true.');
      await pass(5);
      await realPause(1);
    }
  }

  beforeEach(() => {
    vi.stubGlobal('crypto', webcrypto);
  });

  test('a bye for somebody else is ignored, and so is an old one', async () => {
    const [ada, bob] = [
      open('Ada', { codec: secret(1) }).join(),
      open('Bob', { codec: secret(1) }).join(),
    ];
    const wire: Uint8Array[] = [];
    const eve = new MemoryDriver(hub);
    await eve.subscribe(ROOM, (bytes) => wire.push(bytes));
    await until(() => ada.others().join() === 'Bob' && bob.others().join() === 'Ada');
    await forge({ from: bob.id(), bye: true });
    bob.presence.patch({ note: 'after the forged bye' });
    const shown = new Set<string>();
    ada.presence.onChange(() => shown.add(ada.others().join()));
    await until(() => ada.presence.state.others[0]?.data.note !== undefined);
    expect(shown).toEqual(new Set(['Bob']));
    bob.presence.leave();
    await until(() => ada.others().length === 0);
    // An old one, and then a new one: when the new one is there, the old one was refused.
    for (const bytes of [...wire]) await eve.publish(ROOM, bytes, { type: 'presence' });
    shown.clear();
    const cleo = open('Cleo', { codec: secret(1) }).join();
    await until(() => ada.others().join() === 'Cleo');
    expect(shown).toEqual(new Set(['Cleo']));
    cleo.presence.leave();
    eve.destroy();
  });

  test('with another secret is an error that says so', async () => {
    const ada = open('Ada', { codec: secret(1) }).join();
    open('Bob', { codec: secret(2) }).join();
    await until(() => ada.presence.state.error?.code === 'secret');
    expect(ada.presence.state).toMatchObject({ status: 'open', others: [] });
  });
});

test('a hub that refuses the topic is an error in the state', async () => {
  hub.refuse(ROOM);
  const ada = open('Ada').join();
  await pass(100);
  expect(ada.presence.state).toMatchObject({ status: 'closed', error: { code: 'unauthorized' } });
});
