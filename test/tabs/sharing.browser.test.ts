import { afterEach, describe, expect, it, vi, type MockInstance } from 'vitest';
import { TabsDriver, text, type TabsDriverOptions } from '../../src/driver/index.js';

const room = `https://example.com/rooms/${crypto.randomUUID()}`;

/** Two drivers in one page are two tabs: they share its locks and channels, and nothing else. */
describe('tabs', () => {
  const drivers: TabsDriver[] = [];
  const requests: Request[] = [];

  function connect(options: TabsDriverOptions = {}): TabsDriver {
    const driver = new TabsDriver({
      fetch: (input, init) => {
        requests.push(new Request(input, { ...init, signal: null }));
        return fetch(input, init);
      },
      ...options,
    });
    drivers.push(driver);
    return driver;
  }

  async function listen(driver: TabsDriver, topic = room): Promise<string[]> {
    const heard: string[] = [];
    await driver.subscribe(topic, (data) => heard.push(text.decode(data)));
    return heard;
  }

  const streams = () => requests.filter(({ method }) => method === 'GET').length;

  afterEach(async () => {
    for (const driver of drivers.splice(0)) driver.destroy();
    requests.length = 0;
    // Nothing of them is left in the page.
    await expect.poll(() => navigator.locks.query()).toEqual({ held: [], pending: [] });
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  const authorized = (token: string): TabsDriverOptions => ({
    publisher: { headers: { Authorization: `Bearer ${token}` } },
  });

  it('of one token share, in whatever form it is given', async () => {
    const [first, second] = [
      connect({ publisher: { headers: { authorization: 'Basic one' } } }),
      connect({
        publisher: async () => ({ headers: new Headers({ Authorization: 'Basic one' }) }),
      }),
    ];
    await listen(first);
    await listen(second);
    expect(streams()).toBe(1);
  });

  it.each<[string, TabsDriverOptions, TabsDriverOptions]>([
    ['publishing tokens', authorized('one'), authorized('two')],
    ['subscribing tokens', { subscriber: { headers: { 'X-Token': 'one' } } }, {}],
    ['cookies', { subscriber: { withCredentials: true } }, {}],
    ['hubs', { url: '/.well-known/mercure?hub=one' }, { url: '/.well-known/mercure?hub=two' }],
    ['identities', { identity: 'one' }, { identity: 'two' }],
  ])('of different %s never hear each other', async (_, one, two) => {
    const said = vi.spyOn(BroadcastChannel.prototype, 'postMessage');
    await listen(connect(one));
    await listen(connect(two));
    expect(streams()).toBe(2);
    expect(new Set(channelsOf(said)).size).toBe(2);
  });

  it('of one identity share whatever their tokens, and the leader’s is used', async () => {
    const [first, second] = [
      connect({ identity: 'ada', subscriber: { headers: { 'X-Token': 'one' } } }),
      connect({ identity: 'ada', subscriber: { headers: { 'X-Token': 'two' } } }),
    ];
    await listen(first);
    await listen(second);
    expect(requests.map(({ headers }) => headers.get('X-Token'))).toEqual(['one']);
  });

  it('tell no credential to anybody', async () => {
    const said = vi.spyOn(BroadcastChannel.prototype, 'postMessage');
    const [first, second] = [
      connect({ subscriber: { headers: { 'X-Token': 'secret' } } }),
      connect({ subscriber: { headers: { 'X-Token': 'secret' } } }),
    ];
    await listen(first);
    await listen(second);
    const { held } = await navigator.locks.query();
    const names = [...held!.map(({ name }) => name), ...channelsOf(said)];
    expect(names.length).toBeGreaterThan(4);
    expect(JSON.stringify([names, said.mock.calls])).not.toMatch(/secret/i);
  });

  it('stop sharing when one is destroyed, and the others go on', async () => {
    const [first, second] = [connect(), connect()];
    await listen(first);
    const heard = await listen(second);
    first.destroy();
    await second.publish(room, text.encode('after'));
    await expect.poll(() => heard).toEqual(['after']);
    expect(second.active).toBe(true);
    expect(streams()).toBe(2);
  });

  it('hear only their own topics', async () => {
    const [first, second] = [connect(), connect()];
    const [here, there] = [await listen(first, `${room}/1`), await listen(second, `${room}/2`)];
    await first.publish(`${room}/2`, text.encode('two'));
    await second.publish(`${room}/1`, text.encode('one'));
    await expect.poll(() => [here, there]).toEqual([['one'], ['two']]);
  });

  it('each learn why the hub refuses', async () => {
    const fetch = async () => new Response('no', { status: 403 });
    const [first, second] = [connect({ fetch }), connect({ fetch })];
    const refused = { code: 'unauthorized', status: 403 };
    await expect(listen(first)).rejects.toMatchObject(refused);
    await expect(listen(second)).rejects.toMatchObject(refused);
    await expect(second.publish(room, [])).rejects.toMatchObject(refused);
    expect(second.connection).toMatchObject({ status: 'closed', error: refused });
  });

  it('each stand as the leader does', async () => {
    let refuses = false;
    const open = new Set<AbortController>();
    const options: TabsDriverOptions = {
      retry: { base: 50, max: 50 },
      fetch: (input, init) => {
        if (refuses) return Promise.reject(new TypeError('The line is cut.'));
        const cut = new AbortController();
        open.add(cut);
        return fetch(input, { ...init, signal: AbortSignal.any([init!.signal!, cut.signal]) });
      },
    };
    const [first, second] = [connect(options), connect(options)];
    await listen(first);
    const heard = await listen(second);
    refuses = true;
    for (const cut of open) cut.abort();
    for (const { connection } of [first, second]) expect(connection.status).toBe('open');
    for (const driver of [first, second]) {
      await expect.poll(() => driver.connection.status).toBe('reconnecting');
    }
    const published = second.publish(room, text.encode('meanwhile'));
    expect([first, second].map(({ connection }) => connection.queued)).toEqual([0, 1]);
    refuses = false;
    await published;
    await expect.poll(() => heard).toEqual(['meanwhile']);
    for (const driver of [first, second]) await expect.poll(() => driver.active).toBe(true);
  });

  it('send what outlives the page by themselves', async () => {
    await listen(connect());
    const second = connect();
    const heard = await listen(second);
    await second.publish(room, text.encode('bye'), { keepalive: true });
    expect(requests.find(({ method }) => method === 'POST')!.keepalive).toBe(true);
    await expect.poll(() => heard).toEqual(['bye']);
  });

  it.each(['BroadcastChannel', 'crypto'])('without %s have each a connection', async (name) => {
    vi.stubGlobal(name, name === 'crypto' ? withoutDigest() : undefined);
    const [first, second] = [connect(), connect()];
    await listen(first);
    const heard = await listen(second);
    await first.publish(room, text.encode('hello'));
    await expect.poll(() => heard).toEqual(['hello']);
    expect(streams()).toBe(2);
  });
});

function channelsOf(said: MockInstance): string[] {
  return said.mock.contexts.map((channel) => (channel as BroadcastChannel).name);
}

function withoutDigest() {
  return {
    getRandomValues: crypto.getRandomValues.bind(crypto),
    randomUUID: crypto.randomUUID.bind(crypto),
  };
}
