import { expect, test, vi } from 'vitest';
import type { CallMessage } from '../../src/call/index.js';
import { MemoryDriver, MemoryHub, SignalingError } from '../../src/driver/index.js';
import {
  after,
  camera,
  connect,
  expectConnected,
  joinInTurn,
  member,
  onlyPeer,
  ROOM,
  screen,
  SOON,
  type Member,
} from './members.js';
import { expectColour, expectMoving } from './pictures.js';

const descriptions = (...members: Member[]) =>
  members.flatMap(({ published }) => published.flatMap((said) => said.description?.type ?? []));

test('two who join a room see each other move', async () => {
  const hub = new MemoryHub();
  const ada = member(hub, { name: 'Ada', media: camera('red') });
  const bob = member(hub, { name: 'Bob', media: camera('blue') });
  await connect(ada, bob);
  expect(onlyPeer(ada)).toMatchObject({ id: bob.call.state.id, name: 'Bob' });
  expect(onlyPeer(bob)).toMatchObject({ id: ada.call.state.id, name: 'Ada' });
  await expectMoving(() => onlyPeer(ada).camera);
  await expectColour(() => onlyPeer(ada).camera, 'blue');
  await expectMoving(() => onlyPeer(bob).camera);
  await expectColour(() => onlyPeer(bob).camera, 'red');
});

test.each([0, 5, 200])(
  'a pair is connected after one offer and one answer, at %i ms a publish',
  async (latency) => {
    const hub = new MemoryHub();
    hub.delay('*', latency);
    const ada = member(hub, { media: camera('red') });
    const bob = member(hub, { media: camera('blue') });
    await connect(ada, bob);
    expect(descriptions(ada, bob)).toHaveLength(2);
  },
);

test('of two who join at once, one makes the offer', async () => {
  const hub = new MemoryHub();
  hub.delay('*', 50);
  const ada = member(hub);
  const bob = member(hub);
  ada.call.join();
  bob.call.join();
  await expectConnected(ada, bob);
  expect(descriptions(ada, bob)).toHaveLength(2);
  expect(descriptions(ada, bob)).toEqual(expect.arrayContaining(['answer', 'offer']));
});

test('nobody hears what is not for them', async () => {
  const hub = new MemoryHub();
  const members = [member(hub), member(hub), member(hub)];
  const subscriptions = members.map(({ driver }) => vi.spyOn(driver, 'subscribe'));
  await connect(...members);
  const topics = subscriptions.map(({ mock }) => mock.calls.map(([topics]) => topics));
  expect(topics).toEqual(members.map(({ call }) => [[ROOM, `${ROOM}/${call.state.id}`]]));
});

test('who joins third sees everybody, and everybody sees them', async () => {
  const hub = new MemoryHub();
  const ada = member(hub, { media: camera('red') });
  const bob = member(hub, { media: camera('blue') });
  const cleo = member(hub, { name: 'Cleo', media: camera('lime') });
  await connect(ada, bob);
  await joinInTurn(cleo);
  await expectConnected(ada, bob, cleo);
  for (const { call } of [ada, bob]) {
    const last = () => call.state.peers.at(-1)!;
    await expect.poll(() => last().name).toBe('Cleo');
    await expectColour(() => last().camera, 'lime');
  }
});

test('those who have nothing to send are connected all the same', async () => {
  const hub = new MemoryHub();
  const ada = member(hub);
  await connect(ada, member(hub));
  await expect
    .poll(() => onlyPeer(ada))
    .toMatchObject({ muted: { camera: true, microphone: true }, screen: null });
});

test('who leaves is off the list at once', async () => {
  const hub = new MemoryHub();
  const [ada, bob] = [member(hub), member(hub)];
  await connect(ada, bob);
  bob.call.leave();
  expect(bob.call.state).toMatchObject({ status: 'left', peers: [], id: undefined });
  await expect.poll(() => ada.call.state.peers, { timeout: 1_000 }).toEqual([]);
});

test('who leaves while the hub is away is off the list too', async () => {
  const hub = new MemoryHub();
  const [ada, bob] = [member(hub), member(hub)];
  await connect(ada, bob);
  hub.disconnect();
  bob.call.leave();
  await expect.poll(() => ada.call.state.peers, SOON).toEqual([]);
});

test('who has left may join again, as somebody new', async () => {
  const hub = new MemoryHub();
  const [ada, bob] = [member(hub), member(hub, { media: camera('blue') })];
  await connect(ada, bob);
  const { id } = bob.call.state;
  bob.call.leave();
  await expect.poll(() => ada.call.state.peers).toEqual([]);
  bob.call.join();
  await expectConnected(ada, bob);
  expect(bob.call.state.id).not.toBe(id);
  await expectMoving(() => onlyPeer(ada).camera);
});

test('who leaves before the hub has answered never was there', async () => {
  const hub = new MemoryHub();
  const [ada, bob] = [member(hub), member(hub)];
  await joinInTurn(ada);
  bob.call.join();
  bob.call.leave();
  bob.call.join();
  await expectConnected(ada, bob);
});

test('list and media stay while the hub is away, and nothing waits for it', async () => {
  const hub = new MemoryHub();
  const ada = member(hub, { media: camera('red') });
  const bob = member(hub, { media: camera('blue') });
  await connect(ada, bob);
  hub.disconnect();
  await expectMoving(() => onlyPeer(ada).camera);
  ada.call.setName('Ada L.');
  ada.call.setMedia({ ...camera('red'), screen: screen('lime') });
  await expect.poll(() => onlyPeer(bob).name).toBe('Ada L.');
  await expect.poll(() => onlyPeer(bob).screen).not.toBeNull();
  await expectColour(() => onlyPeer(bob).screen, 'lime');
});

test('who came while the hub was away is found when it is back', async () => {
  const hub = new MemoryHub();
  const [ada, bob, cleo] = [member(hub), member(hub), member(hub)];
  await connect(ada, bob);
  // Away for Ada alone: what it refuses of a subscription it refuses of all its topics.
  const inbox = `${ROOM}/${ada.call.state.id}`;
  hub.refuse(inbox, new SignalingError('unreachable', 'Away.'));
  await joinInTurn(cleo);
  await expect.poll(() => cleo.call.state.peers, SOON).toMatchObject([{ state: 'connected' }]);
  expect(ada.call.state.peers).toHaveLength(1);
  hub.allow(inbox);
  await expectConnected(ada, bob, cleo);
});

test('a publish that fails is reported until one is taken', async () => {
  const hub = new MemoryHub();
  const ada = member(hub);
  await joinInTurn(ada);
  await expect.poll(() => ada.published.length).toBe(1);
  hub.refuse(ROOM, new SignalingError('rejected', 'Too much.'), { only: 'publish' });
  await expect.poll(() => ada.call.state.error?.code, SOON).toBe('rejected');
  hub.allow(ROOM);
  await expect.poll(() => ada.call.state.error, SOON).toBeUndefined();
});

test('tracks come, go and change over the connection there is', async () => {
  const hub = new MemoryHub();
  const ada = member(hub);
  const bob = member(hub);
  await connect(ada, bob);
  await expect.poll(() => onlyPeer(bob).camera).not.toBeNull();
  const { camera: stream } = onlyPeer(bob);
  const connection = ada.call.connection(bob.call.state.id!);
  const published = [ada, bob].map((one) => one.published.length);
  for (const colour of ['red', 'blue'] as const) {
    ada.call.setMedia(camera(colour));
    await expect.poll(() => onlyPeer(bob).muted.camera).toBe(false);
    await expectColour(() => onlyPeer(bob).camera, colour);
    ada.call.setMedia(null);
    await expect.poll(() => onlyPeer(bob).muted.camera).toBe(true);
  }
  expect(onlyPeer(bob).camera).toBe(stream);
  expect(ada.call.connection(bob.call.state.id!)).toBe(connection);
  const since = [ada, bob].flatMap((one, index) => one.published.slice(published[index]));
  expect(since.filter(({ type }) => type !== 'hello')).toEqual([]);
});

test('the last of several changes in a row holds', async () => {
  const hub = new MemoryHub();
  const red = camera('red');
  const ada = member(hub, { media: red });
  const bob = member(hub);
  await connect(ada, bob);
  ada.call.setMedia(camera('blue'));
  ada.call.setMedia(null);
  ada.call.setMedia(camera('lime'));
  ada.call.setMedia(red);
  await expectColour(() => onlyPeer(bob).camera, 'red');
  await expectMoving(() => onlyPeer(bob).camera);
});

test('a screen is shown beside the camera until it is no longer shared', async () => {
  const hub = new MemoryHub();
  const media = camera('red');
  const ada = member(hub, { media });
  const bob = member(hub);
  await connect(ada, bob);
  ada.call.setMedia({ ...media, screen: screen('blue') });
  await expect.poll(() => onlyPeer(bob).screen).not.toBeNull();
  await expectColour(() => onlyPeer(bob).screen, 'blue');
  await expectColour(() => onlyPeer(bob).camera, 'red');
  ada.call.setMedia(media);
  await expect.poll(() => onlyPeer(bob).screen).toBeNull();
});

test('shows the data of a peer, and what changes of it', async () => {
  const hub = new MemoryHub();
  const ada = member(hub, { data: { hand: false } });
  const bob = member(hub);
  await connect(ada, bob);
  await expect.poll(() => onlyPeer(bob).data).toEqual({ hand: false });
  ada.call.setData({ hand: true });
  await expect.poll(() => onlyPeer(bob).data).toEqual({ hand: true });
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  expect(() => ada.call.setData(circular)).toThrow(expect.objectContaining({ code: 'usage' }));
});

test('messages arrive in order, at all or at one, on their channel', async () => {
  const hub = new MemoryHub();
  const [ada, bob, cleo] = [member(hub, { name: 'Ada' }), member(hub), member(hub)];
  await connect(ada, bob, cleo);
  const listen = ({ call }: Member, channel: string) => {
    const heard: CallMessage[] = [];
    after(call.onMessage(channel, (message) => heard.push(message)));
    return heard;
  };
  const [own, atBob, atCleo] = [ada, bob, cleo].map((one) => listen(one, 'chat')) as [
    CallMessage[],
    CallMessage[],
    CallMessage[],
  ];
  const elsewhere = listen(bob, 'other');
  for (let number = 0; number < 20; number++) ada.call.send('chat', number);
  ada.call.send('chat', 'psst', { to: bob.call.state.id });
  const bodies = (list: CallMessage[]) => list.map(({ body }) => body);
  const all = Array.from({ length: 20 }, (_, index) => index);
  await expect.poll(() => bodies(atBob)).toEqual([...all, 'psst']);
  await expect.poll(() => bodies(atCleo)).toEqual(all);
  expect(bodies(own)).toEqual([...all, 'psst']);
  expect(elsewhere).toEqual([]);
  expect(atBob[0]).toMatchObject({ from: ada.call.state.id, name: 'Ada', own: false });
  expect(own.at(-1)).toMatchObject({ own: true, to: bob.call.state.id });
  expect(() => ada.call.send('chat', 'x'.repeat(65 * 1024))).toThrow(
    expect.objectContaining({ code: 'usage' }),
  );
});

test('messages that are lost with a path arrive over the next one, once', async () => {
  const hub = new MemoryHub();
  const [ada, bob] = [member(hub), member(hub)];
  await connect(ada, bob);
  const heard: unknown[] = [];
  bob.call.onMessage('chat', ({ body }) => heard.push(body));
  ada.call.send('chat', 'before');
  await expect.poll(() => heard).toEqual(['before']);
  // The wire takes all and brings nothing.
  const wire = vi.spyOn(RTCDataChannel.prototype, 'send').mockImplementation(() => {});
  after(() => wire.mockRestore());
  ada.call.send('chat', 'meanwhile');
  await expect.poll(() => onlyPeer(ada).state, SOON).toBe('disconnected');
  ada.call.send('chat', 'after');
  wire.mockRestore();
  await expect.poll(() => heard, SOON).toEqual(['before', 'meanwhile', 'after']);
  await expectConnected(ada, bob);
});

test('a new network is looked for a path on, without the hub, and media goes on', async () => {
  const hub = new MemoryHub();
  const ada = member(hub, { media: camera('red') });
  const bob = member(hub);
  await connect(ada, bob);
  const ufrag = () =>
    ada.call.connection(bob.call.state.id!)!.localDescription!.sdp.match(/ice-ufrag:(.+)/)?.[1];
  const before = ufrag();
  hub.disconnect();
  dispatchEvent(new Event('online'));
  await expect.poll(ufrag, SOON).not.toBe(before);
  await expectConnected(ada, bob);
  await expectMoving(() => onlyPeer(bob).camera);
});

test('fresh `rtc` is asked for at each connection, and nobody rejoins', async () => {
  const hub = new MemoryHub();
  let asked = 0;
  const rtc = async () => {
    asked += 1;
    return { iceServers: [] };
  };
  const ada = member(hub, { rtc });
  const bob = member(hub);
  await connect(ada, bob);
  expect(asked).toBe(1);
  const { id } = ada.call.state;
  ada.call.setRtc({ iceServers: [] });
  await joinInTurn(member(hub));
  await expect.poll(() => ada.call.state.peers, SOON).toHaveLength(2);
  expect(asked).toBe(1);
  expect(ada.call.state.id).toBe(id);
});

test('a function `rtc` that fails is reported, and asked again', async () => {
  const hub = new MemoryHub();
  let fails = true;
  const rtc = () => {
    if (fails) throw new Error('No credentials.');
    return {};
  };
  const [ada, bob] = [member(hub, { rtc }), member(hub)];
  await joinInTurn(ada, bob);
  await expect.poll(() => ada.call.state.error?.code, SOON).toBe('credentials');
  fails = false;
  await expectConnected(ada, bob);
  expect(ada.call.state.error).toBeUndefined();
});

test('`rtc` that no browser takes is reported before anybody is met', async () => {
  const { call, driver } = member(new MemoryHub(), { rtc: { iceServers: [{ urls: 'nonsense' }] } });
  call.join();
  expect(call.state).toMatchObject({ status: 'left', error: { code: 'usage' } });
  expect(driver.connection.status).toBe('idle');
});

test('who closes the page is off the list at once', async () => {
  const hub = new MemoryHub();
  const ada = member(hub);
  await joinInTurn(ada);
  const page = await openPage(hub);
  await expect.poll(() => ada.call.state.peers, SOON).toMatchObject([{ state: 'connected' }]);
  page.close();
  await expect.poll(() => ada.call.state.peers, { timeout: 1_000 }).toEqual([]);
});

test('a page that comes out of the back/forward cache is in the room again', async () => {
  const hub = new MemoryHub();
  const ada = member(hub);
  await joinInTurn(ada);
  const page = await openPage(hub);
  await expect.poll(() => ada.call.state.peers, SOON).toMatchObject([{ state: 'connected' }]);
  page.window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
  await expect.poll(() => ada.call.state.peers).toEqual([]);
  page.window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
  await expect.poll(() => ada.call.state.peers, SOON).toMatchObject([{ state: 'connected' }]);
});

test('who comes to a full call is told so, and gets in when somebody leaves', async () => {
  const hub = new MemoryHub();
  const [ada, bob] = [member(hub, { maxPeers: 1 }), member(hub, { maxPeers: 1 })];
  const cleo = member(hub, { maxPeers: 1 });
  await connect(ada, bob);
  await joinInTurn(cleo);
  const codes = () => [ada, bob, cleo].map(({ call }) => call.state.error?.code);
  await expect.poll(codes, SOON).toEqual(['full', 'full', 'full']);
  expect(cleo.call.state).toMatchObject({ status: 'joined', peers: [] });
  bob.call.leave();
  await expect.poll(() => ada.call.state.error).toBeUndefined();
  await expectConnected(ada, cleo);
  expect(cleo.call.state.error).toBeUndefined();
});

test('nine people are a crowd, which is said once, with the reason', async () => {
  const hub = new MemoryHub();
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  after(() => warn.mockRestore());
  const members = Array.from({ length: 9 }, () => member(hub));
  const [first] = members as [Member];
  await joinInTurn(...members.slice(0, 8));
  await expect.poll(() => first.call.state.peers.length, SOON).toBe(7);
  expect(warn).not.toHaveBeenCalled();
  await joinInTurn(members[8]!);
  await expect.poll(() => first.call.state.peers.length, SOON).toBe(8);
  const sentences = warn.mock.calls.map(([sentence]) => String(sentence));
  expect(sentences[0]).toMatch(/9 people .* everybody/i);
});

test('each peer gets its share of the budget', async () => {
  const hub = new MemoryHub();
  const ada = member(hub, { media: camera('red'), budget: 400_000 });
  const bob = member(hub);
  const bitrate = () =>
    ada.call.connection(bob.call.state.id!)!.getSenders()[1]!.getParameters().encodings[0]
      ?.maxBitrate;
  await connect(ada, bob);
  await expect.poll(bitrate).toBe(360_000);
  await joinInTurn(member(hub));
  await expect.poll(bitrate, SOON).toBe(160_000);
  ada.call.setBudget(1_000_000);
  await expect.poll(bitrate).toBe(460_000);
});

/** A page of its own, which is in the call. */
async function openPage(hub: MemoryHub) {
  const frame = document.createElement('iframe');
  after(() => frame.remove());
  const module = new URL('../../src/call/index.ts', import.meta.url).href;
  frame.srcdoc = `<script type="module">
    import { Call } from ${JSON.stringify(module)};
    window.join = (driver, room) => new Call({ driver, room }).join();
  </script>`;
  await new Promise((resolve) => {
    frame.addEventListener('load', resolve);
    document.body.append(frame);
  });
  const window = frame.contentWindow as Window & {
    join: (driver: MemoryDriver, room: string) => void;
  };
  const driver = new MemoryDriver(hub);
  after(() => driver.destroy());
  window.join(driver, ROOM);
  return { window, close: () => frame.remove() };
}
