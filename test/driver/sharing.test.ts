// @vitest-environment node
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { SignalingError, SseDriverOptions } from '../../src/driver/index.js';
import { HubConnection } from '../../src/driver/connection/HubConnection.js';
import { toTopicSet } from '../../src/driver/topics.js';
import type { SeenRequest, Reply, ScriptedHub } from '../servers/ScriptedHub.js';
import {
  connect,
  encode,
  listen,
  logReports,
  openHub,
  openScriptedHub,
  reasonOf,
  reopens,
  topicsOf,
} from './rig.js';

// Topics that share a stream, and what happens where the hub does not take them together.

const NAMES = { 'Event-Stream-Fields': 'topics' };

/** A hub that names topics. What `refuses` returns a status for is refused. */
async function openNamingHub(refuses: (request: SeenRequest) => number | undefined) {
  const hub = await openScriptedHub();
  hub.headers = NAMES;
  hub.respond = (request, reply) => {
    if (request.method === 'POST') return reply.answer(200, request.form.get('id')!);
    const status = refuses(request);
    return status === undefined ? reply.stream() : reply.answer(status);
  };
  return hub;
}

async function expectAllHeard(
  hub: ScriptedHub,
  heard: ReadonlyMap<string, string[]>,
  text: string,
): Promise<void> {
  for (const topic of heard.keys()) {
    hub.send(topic, { id: `${text} ${topic}`, topics: [topic], data: text });
  }
  await expect.poll(() => [...heard.values()].every((each) => each.at(-1) === text)).toBe(true);
}

async function listenToAll(driver: ReturnType<typeof connect>, topics: readonly string[]) {
  const heard = new Map<string, string[]>();
  const refused = new Map<string, SignalingError>();
  await Promise.all(
    topics.map((topic) =>
      listen(driver, topic).then(
        (each) => heard.set(topic, each),
        (error: SignalingError) => refused.set(topic, error),
      ),
    ),
  );
  return { heard, refused };
}

describe('a private update whose topics the hub does not name', () => {
  it('is delivered to its subscription, on a stream of its own, once', async () => {
    const hub = await openNamingHub(() => undefined);
    const log = [{ id: 'secret', data: 'for two' }];
    const { respond } = hub;
    hub.respond = (request, reply) => {
      respond(request, reply);
      // The hub replays it to whom it is for.
      if (request.cursor === 'known' && request.selectors.join() === 'two') {
        hub.stream.send(log[0]!);
      }
    };
    const driver = connect({ url: hub.url });
    const reports = logReports(driver);
    const { heard } = await listenToAll(driver, ['one', 'two', 'three']);
    await expect.poll(() => hub.streams.size).toBe(1);
    hub.send('one', { id: 'known', topics: ['one'], data: 'public' });
    await expect.poll(() => heard.get('one')).toEqual(['public']);
    hub.stream.send({ ...log[0]!, topics: ['an alternate that the token grants'] });
    await expect.poll(() => heard.get('two')).toEqual(['for two']);
    await expect.poll(() => hub.streams.size).toBe(3);
    expect(heard.get('one')).toEqual(['public']);
    expect(reports).toEqual({ gaps: [], errors: [] });
    // The hub is not believed again.
    await expectAllHeard(hub, heard, 'later');
    expect(hub.streams.size).toBe(3);
  });

  it('is a gap where no cursor can bring it back', async () => {
    const hub = await openNamingHub(() => undefined);
    const driver = connect({ url: hub.url });
    const reports = logReports(driver);
    const { heard } = await listenToAll(driver, ['one', 'two']);
    await expect.poll(() => hub.streams.size).toBe(1);
    hub.stream.send({ data: 'for nobody it seems' });
    await expect.poll(() => hub.streams.size).toBe(2);
    await expectAllHeard(hub, heard, 'later');
    expect(reports.gaps.flatMap(({ topics }) => topics).toSorted()).toEqual(['one', 'two']);
    expect(reports.errors).toEqual([]);
  });
});

describe('a refused topic among others', () => {
  const topics = ['a', 'b', 'bad', 'c', 'd', 'e', 'worse', 'f'];
  it.each([
    [401, 'unauthorized'],
    [403, 'unauthorized'],
    [400, 'rejected'],
    [404, 'not-a-hub'],
  ])('with %i is rejected alone; the others share one stream', async (status, code) => {
    const isBad = (topic: string) => topic === 'bad' || topic === 'worse';
    const hub = await openNamingHub(({ selectors }) =>
      selectors.some(isBad) ? status : undefined,
    );
    const driver = connect({ url: hub.url });
    const { heard, refused } = await listenToAll(driver, topics);
    expect([...refused.keys()].toSorted()).toEqual(['bad', 'worse']);
    for (const [topic, error] of refused) expect(error).toMatchObject({ code, status, topic });
    await expect.poll(() => hub.streams.size).toBe(1);
    await expectAllHeard(hub, heard, 'hello');
    expect(hub.subscriptions.length).toBeLessThan(60);
    const asked = hub.subscriptions.length;
    await expectAllHeard(hub, heard, 'again');
    expect(hub.subscriptions.length).toBe(asked);
  });

  it('that comes later is rejected, and the others miss nothing', async () => {
    const hub = await openNamingHub(({ selectors }) =>
      selectors.includes('bad') ? 403 : undefined,
    );
    const driver = connect({ url: hub.url });
    const reports = logReports(driver);
    const { heard } = await listenToAll(driver, ['a', 'b']);
    await expectAllHeard(hub, heard, 'before');
    expect(await reasonOf(listen(driver, 'bad'))).toMatchObject({ code: 'unauthorized' });
    await expectAllHeard(hub, heard, 'after');
    await expect.poll(() => hub.streams.size).toBe(1);
    expect(reports).toEqual({ gaps: [], errors: [] });
    expect(hub.subscriptions.length).toBeLessThan(12);
  });

  it('that was accepted before is closed alone, and told as an error', async () => {
    let revoked = false;
    const hub = await openNamingHub(({ selectors }) =>
      revoked && selectors.includes('b') ? 403 : undefined,
    );
    const driver = connect({ url: hub.url });
    const reports = logReports(driver);
    const { heard } = await listenToAll(driver, ['a', 'b', 'c']);
    await expectAllHeard(hub, heard, 'before');
    revoked = true;
    hub.stream.end();
    await expect.poll(() => driver.stateOf('b').status).toBe('closed');
    await expect.poll(() => driver.stateOf('a').status).toBe('open');
    await expect.poll(() => driver.stateOf('c').status).toBe('open');
    heard.delete('b');
    await expectAllHeard(hub, heard, 'after');
    expect(reports.errors).toMatchObject([{ code: 'unauthorized', topic: 'b' }]);
    expect(hub.subscriptions.length).toBeLessThan(12);
  });

  it('does not take with it those that another connection has served', async () => {
    const hub = await openNamingHub(({ selectors }) => (selectors.includes('b') ? 403 : undefined));
    const states = new Map<string, string>();
    const wanted = new Map(['a', 'b', 'c'].map((key) => [toTopicSet(key).key, toTopicSet(key)]));
    const connection = new HubConnection(
      { url: hub.url, retry: { base: 5, max: 20 } },
      {
        received() {},
        linked: (keys, { status }) => {
          for (const key of keys) states.set(key, status);
        },
        moved() {},
        refused: (key) => {
          states.set(key, 'refused');
          wanted.delete(key);
        },
        gap() {},
        report() {},
      },
      new Map([...wanted.keys()].map((key) => [key, { cursor: 'x', heardAt: 0 }])),
    );
    connection.want(wanted);
    await expect.poll(() => states.size).toBe(3);
    await expect
      .poll(() => ['a', 'b', 'c'].map((key) => states.get(toTopicSet(key).key)))
      .toEqual(['open', 'refused', 'open'])
      .finally(() => connection.close());
  });
});

describe('a hub that takes few topics on a stream', () => {
  it.each([
    [1, 2],
    [1, 6],
    [3, 10],
    [7, 8],
  ])('%i on one: %i topics settle on streams that hold them', async (max, count) => {
    const hub = await openNamingHub(({ selectors }) => (selectors.length > max ? 400 : undefined));
    const driver = connect({ url: hub.url });
    const { heard, refused } = await listenToAll(driver, topicsOf(count));
    expect(refused.size).toBe(0);
    await expectAllHeard(hub, heard, 'hello');
    expect(hub.streams.size).toBeLessThanOrEqual(Math.max(count, 1));
    const asked = hub.subscriptions.length;
    expect(asked).toBeLessThan(40 + 4 * count);
    await expectAllHeard(hub, heard, 'again');
    expect(hub.subscriptions.length).toBe(asked);
  });

  it('and refuses one of them: both are found', async () => {
    const hub = await openNamingHub(({ selectors }) => {
      if (selectors.length > 3) return 400;
      return selectors.includes(topicsOf(5)[4]!) ? 403 : undefined;
    });
    const driver = connect({ url: hub.url });
    const { heard, refused } = await listenToAll(driver, topicsOf(9));
    expect([...refused.keys()]).toEqual([topicsOf(5)[4]]);
    await expectAllHeard(hub, heard, 'hello');
    expect(hub.subscriptions.length).toBeLessThan(120);
  });

  it('rejects a list that does not fit on one', async () => {
    const { url } = await openHub({ maxTopics: 2 });
    const driver = connect({ url });
    const error = await reasonOf(listen(driver, ['a', 'b', 'c']));
    expect(error).toMatchObject({ code: 'rejected', status: 400 });
    await listen(driver, ['a', 'b']);
    await driver.publish('a', encode('x'));
  });
});

describe('more topics than a request line holds, where QUERY fails', () => {
  const topics = topicsOf(150).map((topic) => `${topic}/${'x'.repeat(60)}`);
  const failures: [name: string, fail: (reply: Reply) => void][] = [
    ['405', (reply) => reply.answer(405)],
    ['403 of a CDN', (reply) => reply.answer(403)],
    ['401 of a CDN', (reply) => reply.answer(401)],
    ['404', (reply) => reply.answer(404)],
    ['501', (reply) => reply.answer(501)],
    ['400', (reply) => reply.answer(400)],
    ['a page', (reply) => reply.answer(200, '<html>', { 'Content-Type': 'text/html' })],
    ['a preflight that is refused', (reply) => reply.reset()],
    ['502', (reply) => reply.answer(502)],
  ];

  it.each(failures)('%s: all topics open on streams that GET can ask for', async (_, fail) => {
    const hub = await openScriptedHub();
    hub.headers = NAMES;
    hub.respond = ({ method }, reply) => (method === 'QUERY' ? fail(reply) : reply.stream());
    const driver = connect({ url: hub.url });
    const reports = logReports(driver);
    const { heard, refused } = await listenToAll(driver, topics);
    expect(refused.size).toBe(0);
    await expectAllHeard(hub, heard, 'hello');
    await expect.poll(() => hub.streams.size).toBeLessThan(10);
    const queries = () => hub.requests.filter(({ method }) => method === 'QUERY').length;
    const before = queries();
    expect(before).toBeLessThan(12);
    // It is learned once: neither a break nor a new topic asks that way again.
    await reopens(driver, () => hub.streams.forEach((stream) => stream.reset()));
    const more = await listenToAll(driver, ['one more']);
    for (const [topic, each] of more.heard) heard.set(topic, each);
    const carried = () => new Set([...hub.streams].flatMap(({ request }) => request.selectors));
    await expect.poll(() => carried().size).toBe(topics.length + 1);
    await expectAllHeard(hub, heard, 'again');
    expect(queries()).toBe(before);
    expect(reports.errors).toEqual([]);
    for (const { url } of hub.requests) expect(url.href.length).toBeLessThan(8_000);
  });

  it('a hub that takes it gets one stream', async () => {
    const hub = await openNamingHub(() => undefined);
    const driver = connect({ url: hub.url });
    const { heard } = await listenToAll(driver, topics);
    await expectAllHeard(hub, heard, 'hello');
    await expect.poll(() => hub.streams.size).toBe(1);
    expect(hub.subscriptions.map(({ method }) => method)).toEqual(['GET', 'QUERY']);
  });

  it('a hub that was away is asked that way again', async () => {
    const hub = await openNamingHub(() => undefined);
    const driver = connect({ url: hub.url });
    const { heard } = await listenToAll(driver, topics);
    const { respond } = hub;
    let failed = 0;
    hub.respond = (request, reply) => (failed++ < 4 ? reply.answer(503) : respond(request, reply));
    hub.stream.reset();
    await expect.poll(() => failed).toBeGreaterThan(4);
    await expect.poll(() => driver.active).toBe(true);
    await expectAllHeard(hub, heard, 'hello');
    expect(hub.streams.size).toBe(1);
  });
});

/** The HTTP client of a browser, which holds requests back beyond so many at once. */
function limitRequests(max: number): NonNullable<SseDriverOptions['fetch']> {
  let open = 0;
  const waiting: (() => void)[] = [];
  return async (input, init) => {
    const { signal } = init!;
    if (open >= max) {
      await new Promise<void>((resolve, reject) => {
        waiting.push(resolve);
        signal?.addEventListener('abort', () => reject(new Error('aborted')));
      });
      signal?.throwIfAborted();
    }
    open++;
    const done = () => {
      open--;
      waiting.shift()?.();
    };
    const url = new URL(String(input));
    url.protocol = 'http:';
    try {
      const response = await fetch(url, init);
      if (init!.method === 'POST') done();
      else signal?.addEventListener('abort', done);
      return response;
    } catch (error) {
      done();
      throw error;
    }
  };
}

describe('more topics than an HTTP/2 connection has streams, on a hub that names none', () => {
  it.each([100, 250])(
    '%i: a publish gets through, and one warning tells',
    async (limit) => {
      vi.stubGlobal('document', new EventTarget());
      onTestFinished(() => void vi.unstubAllGlobals());
      const hub = await openScriptedHub();
      const driver = connect({
        url: hub.url.replace('http:', 'https:'),
        fetch: limitRequests(limit),
      });
      const reports = logReports(driver);
      const topics = topicsOf(260);
      const pending = topics.map((topic) => listen(driver, topic).catch(() => []));
      await expect.poll(() => hub.streams.size, { timeout: 20_000 }).toBe(limit);
      await driver.publish('room', encode('through'));
      await expect.poll(() => reports.errors.map(({ code }) => code)).toEqual(['connections']);
      expect(reports.errors[0]!.message).toMatch(/.{40}/);
      expect(hub.streams.size).toBe(limit - 1);
      driver.destroy();
      await Promise.all(pending);
    },
    60_000,
  );
});
