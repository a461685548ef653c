import { expect, test } from 'vitest';
import { json, MemoryDriver, MemoryHub } from '../../src/driver/index.js';
import {
  after,
  expectConnected,
  joinInTurn,
  member,
  type Member,
  onlyPeer,
  picture,
  ROOM,
  SOON,
} from './members.js';
import { expectColour, expectMoving } from './pictures.js';
import { StubbornPeer } from './StubbornPeer.js';
import { TestDriver, type Mail } from './TestDriver.js';

test('two who join a room see each other move', async () => {
  const hub = new MemoryHub();
  const ada = member(hub, { name: 'Ada', stream: picture('red') });
  const bob = member(hub, { name: 'Bob', stream: picture('blue') });
  await joinInTurn(ada, bob);
  await expectConnected(ada, bob);
  expect(onlyPeer(ada)).toMatchObject({ id: bob.call.id, name: 'Bob' });
  expect(onlyPeer(bob)).toMatchObject({ id: ada.call.id, name: 'Ada' });
  await expectMoving(() => onlyPeer(ada).stream);
  await expectColour(() => onlyPeer(ada).stream, 'blue');
  await expectMoving(() => onlyPeer(bob).stream);
  await expectColour(() => onlyPeer(bob).stream, 'red');
});

test.each([0, 5, 200])(
  'a call is up after a handful of publishes, at %i ms each',
  async (latency) => {
    const hub = new MemoryHub();
    const ada = member(hub, { stream: picture('red'), latency });
    const bob = member(hub, { stream: picture('blue'), latency });
    await joinInTurn(ada, bob);
    await expectConnected(ada, bob);
    const published = [...ada.driver.published, ...bob.driver.published];
    const descriptions = published.flatMap(({ message }) => message.description?.type ?? []);
    expect(descriptions).toEqual(['offer', 'answer']);
    expect(published.length).toBeLessThanOrEqual(6);
  },
);

test('nobody hears what is not for them', async () => {
  const hub = new MemoryHub();
  const members = [member(hub), member(hub), member(hub)];
  await joinInTurn(...members);
  await expectConnected(...members);
  for (const { call, driver } of members) {
    const inbox = `${ROOM}/${call.id}`;
    const topics = new Set(driver.received.map(({ topic }) => topic));
    expect(topics).toEqual(new Set([ROOM, inbox]));
  }
});

test('who joins third sees everybody, and everybody sees them', async () => {
  const hub = new MemoryHub();
  const ada = member(hub, { stream: picture('red') });
  const bob = member(hub, { stream: picture('blue') });
  const cleo = member(hub, { name: 'Cleo', stream: picture('lime') });
  await joinInTurn(ada, bob);
  await expectConnected(ada, bob);
  await joinInTurn(cleo);
  await expectConnected(ada, bob, cleo);
  for (const { call } of [ada, bob]) {
    const last = call.state.peers.at(-1)!;
    expect(last.name).toBe('Cleo');
    await expectMoving(() => last.stream);
    await expectColour(() => last.stream, 'lime');
  }
});

test('those who have nothing to send are connected all the same', async () => {
  const hub = new MemoryHub();
  const ada = member(hub);
  const bob = member(hub);
  await joinInTurn(ada, bob);
  await expectConnected(ada, bob);
  expect(onlyPeer(ada).stream).toBeNull();
});

test('when both offer at once, one gives way and both are connected', async () => {
  const hub = new MemoryHub();
  const ada = member(hub, { stream: picture('red'), latency: 50 });
  const bob = member(hub, { stream: picture('blue'), latency: 50 });
  ada.call.join();
  bob.call.join();
  await expectConnected(ada, bob);
  for (const { driver } of [ada, bob]) {
    expect(driver.published.some(({ message }) => message.description?.type === 'offer')).toBe(
      true,
    );
  }
  await expectColour(() => onlyPeer(ada).stream, 'blue');
  await expectColour(() => onlyPeer(bob).stream, 'red');
});

test('candidates that come before their description are kept for it', async () => {
  const hub = new MemoryHub();
  const members = [member(hub), member(hub)].toSorted((a, b) => (a.call.id < b.call.id ? -1 : 1));
  // Bob, whose id is less, is polite: it is Ada's offer that counts.
  const [bob, ada] = members as [Member, Member];
  const postman = new MemoryDriver(hub);
  // Ada's candidates are all there is to connect by, and reach Bob before her offer.
  ada.driver.lets = ({ message }) => {
    if (message.description) takeCandidates(message);
    return !message.candidates;
  };
  bob.driver.lets = ({ topic, message }) => {
    if (message.description?.type !== 'offer') return true;
    bob.driver.lets = (mail) => !mail.message.candidates || mail.message.early;
    const { description, ...introduction } = message;
    const candidates = takeCandidates(message);
    const post = (part: object) =>
      postman.publish(topic, json.encode({ ...introduction, ...part }));
    void post({ early: true, candidates }).then(() => post({ description }));
    return false;
  };
  await joinInTurn(ada, bob);
  await expectConnected(ada, bob);
  const parts = bob.driver.received.map(({ message }) => Object.keys(message).at(-1));
  expect(parts.slice(-2)).toEqual(['candidates', 'description']);
});

/** Takes the candidates out of a description. */
function takeCandidates({ description }: any): RTCIceCandidateInit[] {
  const lines: string[] = description.sdp.split('\r\n');
  const isCandidate = (line: string) => line.startsWith('a=candidate:');
  description.sdp = lines.filter((line) => !isCandidate(line)).join('\r\n');
  return lines
    .filter(isCandidate)
    .map((line) => ({ candidate: line.slice('a='.length), sdpMLineIndex: 0 }));
}

test('who leaves is off the roster at once', async () => {
  const hub = new MemoryHub();
  const ada = member(hub);
  const bob = member(hub);
  await joinInTurn(ada, bob);
  await expectConnected(ada, bob);
  bob.call.leave();
  expect(bob.call.state).toMatchObject({ status: 'left', peers: [] });
  await expect.poll(() => ada.call.state.peers, { timeout: 1_000 }).toEqual([]);
});

test('who leaves while the hub is away is off the roster too', async () => {
  const hub = new MemoryHub();
  const ada = member(hub);
  const bob = member(hub);
  await joinInTurn(ada, bob);
  await expectConnected(ada, bob);
  bob.driver.lose();
  bob.call.leave();
  await expect.poll(() => ada.call.state.peers, SOON).toEqual([]);
});

test('who has left may join again', async () => {
  const hub = new MemoryHub();
  const ada = member(hub);
  const bob = member(hub, { stream: picture('blue') });
  await joinInTurn(ada, bob);
  await expectConnected(ada, bob);
  bob.call.leave();
  await expect.poll(() => ada.call.state.peers).toEqual([]);
  bob.call.join();
  await expectConnected(ada, bob);
  await expectMoving(() => onlyPeer(ada).stream);
});

test('who leaves before the hub has answered never was there', async () => {
  const hub = new MemoryHub();
  const ada = member(hub);
  await joinInTurn(ada);
  const bob = member(hub);
  bob.call.join();
  bob.call.leave();
  bob.call.join();
  await expectConnected(ada, bob);
  expect(bob.driver.published.filter(({ message }) => message.type === 'hello')).toHaveLength(1);
});

test('roster and media stay while the hub is away', async () => {
  const hub = new MemoryHub();
  const ada = member(hub, { stream: picture('red') });
  const bob = member(hub, { stream: picture('blue') });
  await joinInTurn(ada, bob);
  await expectConnected(ada, bob);
  const before = onlyPeer(ada);
  ada.driver.lose();
  bob.driver.lose();
  await expectMoving(() => onlyPeer(ada).stream);
  await expectMoving(() => onlyPeer(bob).stream);
  expect(onlyPeer(ada)).toBe(before);
});

test('who came while the hub was away is found when it is back', async () => {
  const hub = new MemoryHub();
  const ada = member(hub);
  const bob = member(hub);
  const cleo = member(hub);
  await joinInTurn(ada, bob);
  await expectConnected(ada, bob);
  ada.driver.lose();
  await joinInTurn(cleo);
  await expect.poll(() => cleo.call.state.peers, SOON).toMatchObject([{ state: 'connected' }]);
  expect(ada.call.state.peers).toHaveLength(1);
  ada.driver.find();
  await expectConnected(ada, bob, cleo);
});

test('an offer that was lost with the hub is made again when it is back', async () => {
  const hub = new MemoryHub();
  const ada = member(hub, { stream: picture('red') });
  const bob = member(hub);
  await joinInTurn(ada, bob);
  await expectConnected(ada, bob);
  bob.driver.lose();
  ada.call.setStream(null);
  const offers = () =>
    ada.driver.published.filter(({ message }) => message.description?.type === 'offer').length;
  await expect.poll(offers, SOON).toBe(2);
  expect(onlyPeer(bob).stream).not.toBeNull();
  bob.driver.find();
  await expect.poll(() => onlyPeer(bob).stream, SOON).toBeNull();
});

test('a publish that fails is told, and mended when the hub is back', async () => {
  const hub = new MemoryHub();
  const ada = member(hub);
  const bob = member(hub);
  await joinInTurn(ada, bob);
  await expectConnected(ada, bob);
  ada.driver.lose();
  ada.call.setStream(picture('red'));
  await expect.poll(() => ada.call.state.error?.code, SOON).toBe('unreachable');
  ada.driver.find();
  await expect.poll(() => ada.call.state.error, SOON).toBeUndefined();
  await expect.poll(() => onlyPeer(bob).stream, SOON).not.toBeNull();
  await expectColour(() => onlyPeer(bob).stream, 'red');
});

test('a track takes the place of another one without negotiation', async () => {
  const hub = new MemoryHub();
  const ada = member(hub, { stream: picture('red') });
  const bob = member(hub);
  await joinInTurn(ada, bob);
  await expectConnected(ada, bob);
  const { stream } = onlyPeer(bob);
  await expectColour(() => stream, 'red');
  const published = ada.driver.published.length;
  ada.call.setStream(picture('blue'));
  await expectColour(() => stream, 'blue');
  expect(onlyPeer(bob).stream).toBe(stream);
  expect(ada.driver.published).toHaveLength(published);
});

test('a stream may come late, go, and come again', async () => {
  const hub = new MemoryHub();
  const ada = member(hub);
  const bob = member(hub);
  await joinInTurn(ada, bob);
  await expectConnected(ada, bob);
  for (const colour of ['red', 'blue'] as const) {
    ada.call.setStream(picture(colour));
    await expect.poll(() => onlyPeer(bob).stream, SOON).not.toBeNull();
    await expectColour(() => onlyPeer(bob).stream, colour);
    ada.call.setStream(null);
    await expect.poll(() => onlyPeer(bob).stream, SOON).toBeNull();
  }
});

test('both may change what they send at once', async () => {
  const hub = new MemoryHub();
  const ada = member(hub, { latency: 50 });
  const bob = member(hub, { latency: 50 });
  await joinInTurn(ada, bob);
  await expectConnected(ada, bob);
  ada.call.setStream(picture('red'));
  bob.call.setStream(picture('blue'));
  await expect.poll(() => onlyPeer(ada).stream, SOON).not.toBeNull();
  await expect.poll(() => onlyPeer(bob).stream, SOON).not.toBeNull();
  await expectColour(() => onlyPeer(ada).stream, 'blue');
  await expectColour(() => onlyPeer(bob).stream, 'red');
});

test('the last of several changes in a row holds', async () => {
  const hub = new MemoryHub();
  const red = picture('red');
  const ada = member(hub, { stream: red });
  const bob = member(hub);
  await joinInTurn(ada, bob);
  await expectConnected(ada, bob);
  ada.call.setStream(picture('blue'));
  ada.call.setStream(null);
  ada.call.setStream(picture('lime'));
  ada.call.setStream(red);
  await expectMoving(() => onlyPeer(bob).stream);
  await expectMoving(() => onlyPeer(bob).stream);
  await expectColour(() => onlyPeer(bob).stream, 'red');
});

test('a new name reaches the others', async () => {
  const hub = new MemoryHub();
  const ada = member(hub, { name: 'Ada' });
  const bob = member(hub);
  await joinInTurn(ada, bob);
  await expectConnected(ada, bob);
  ada.call.setName('Ada L.');
  await expect.poll(() => onlyPeer(bob).name).toBe('Ada L.');
  expect(onlyPeer(bob).state).toBe('connected');
});

test('a new network is looked for a path on, and media goes on', async () => {
  const hub = new MemoryHub();
  const ada = member(hub, { stream: picture('red') });
  const bob = member(hub);
  await joinInTurn(ada, bob);
  await expectConnected(ada, bob);
  const ufrag = ({ message }: Mail) => message.description?.sdp.match(/ice-ufrag:(.+)/)?.[1] ?? [];
  const before = ada.driver.published.flatMap(ufrag);
  dispatchEvent(new Event('online'));
  await expect
    .poll(() => new Set(ada.driver.published.flatMap(ufrag)).size, SOON)
    .toBeGreaterThan(before.length);
  await expectConnected(ada, bob);
  await expectMoving(() => onlyPeer(bob).stream);
});

test('who cannot be reached is taken off the roster after the grace, and told why', async () => {
  const hub = new MemoryHub();
  const ada = member(hub, { grace: 300 });
  const mute = new StubbornPeer(hub);
  await mute.join();
  after(() => mute.leave());
  await joinInTurn(ada);
  await mute.hello();
  await expect
    .poll(() => ada.call.state.peers)
    .toMatchObject([{ name: 'Stubborn', state: 'connecting' }]);
  await expect.poll(() => ada.call.state.peers).toEqual([]);
  expect(ada.call.state.error).toMatchObject({ code: 'webrtc', message: /STUN and a TURN/ });
});

test('a peer that begins anew takes the place of its earlier connection', async () => {
  const hub = new MemoryHub();
  const ada = member(hub);
  const forgetful = new StubbornPeer(hub);
  await forgetful.join();
  after(() => forgetful.leave());
  await joinInTurn(ada);
  const first = await forgetful.offer(ada.call.id, 'first');
  await expect.poll(() => first.connectionState, SOON).toBe('connected');
  const second = await forgetful.offer(ada.call.id, 'second');
  await expect.poll(() => second.connectionState, SOON).toBe('connected');
  expect(onlyPeer(ada)).toMatchObject({ id: 'stubborn', state: 'connected' });
});

test('what was meant for an earlier connection is not applied', async () => {
  const hub = new MemoryHub();
  const ada = member(hub);
  const late = new StubbornPeer(hub);
  await late.join();
  after(() => late.leave());
  await joinInTurn(ada);
  await late.tell(ada.call.id, {
    connection: 'mine',
    to: 'forgotten',
    description: { type: 'offer', sdp: 'what no browser takes', round: 1 },
  });
  // Instead it makes an offer of its own, for a connection both know.
  await expect.poll(() => late.heard[0]?.description?.type, SOON).toBe('offer');
  expect(late.heard[0].to).toBeUndefined();
  expect(ada.call.state.error).toBeUndefined();
});

test('what arrives behind a bye brings nobody back', async () => {
  const hub = new MemoryHub();
  const ada = member(hub);
  const bob = member(hub);
  await joinInTurn(ada, bob);
  await expectConnected(ada, bob);
  bob.call.leave();
  await expect.poll(() => ada.call.state.peers).toEqual([]);
  const { topic, message } = bob.driver.published.find(({ message }) => message.from)!;
  await bob.driver.publish(topic, json.encode(message));
  await expect.poll(() => ada.driver.received.at(-1)?.message).toEqual(message);
  expect(ada.call.state.peers).toEqual([]);
});

test('only the answer to the newest offer is applied, and once', async () => {
  const hub = new MemoryHub();
  const ada = member(hub);
  const odd = new StubbornPeer(hub);
  await odd.join();
  after(() => odd.leave());
  await joinInTurn(ada);
  await odd.hello();
  await expect.poll(() => odd.heard.length, SOON).toBeGreaterThan(0);
  const description = { type: 'answer', sdp: 'what no browser takes', round: 7 };
  await odd.tell(ada.call.id, { connection: 'odd', description });
  const connection = await odd.answer(ada.call.id, 'odd', [1, 1]);
  await expect.poll(() => connection.connectionState, SOON).toBe('connected');
  expect(onlyPeer(ada).state).toBe('connected');
  expect(ada.call.state.error).toBeUndefined();
});

test('what is no message is an error, and the call goes on', async () => {
  const hub = new MemoryHub();
  const ada = member(hub);
  const bob = member(hub);
  await joinInTurn(ada);
  await new MemoryDriver(hub).publish(ROOM, json.encode({ type: 'greetings' }));
  await expect.poll(() => ada.call.state.error).toMatchObject({ code: 'decode', topic: ROOM });
  await joinInTurn(bob);
  await expectConnected(ada, bob);
});

test('a description no browser takes is an error of that peer, and the call goes on', async () => {
  const hub = new MemoryHub();
  const ada = member(hub);
  const bob = member(hub);
  const odd = new StubbornPeer(hub);
  await odd.join();
  after(() => odd.leave());
  await joinInTurn(ada);
  const description = { type: 'offer', sdp: 'what no browser takes', round: 1 };
  await odd.tell(ada.call.id, { connection: 'odd', description });
  await expect.poll(() => ada.call.state.error?.code, SOON).toBe('webrtc');
  await joinInTurn(bob);
  await expect.poll(() => onlyPeer(bob).state, SOON).toBe('connected');
  expect(ada.call.state.peers[1]).toMatchObject({ id: bob.call.id, state: 'connected' });
});

test('`rtc` that no browser takes is told before anybody is met', async () => {
  const { call, driver } = member(new MemoryHub(), { rtc: { iceServers: [{ urls: 'nonsense' }] } });
  call.join();
  expect(call.state).toMatchObject({ status: 'left', error: { code: 'usage' } });
  expect(driver.published).toEqual([]);
});

test('who closes the page is off the roster at once', async () => {
  const hub = new MemoryHub();
  const ada = member(hub);
  await joinInTurn(ada);
  const page = await openPage();
  const driver = new TestDriver(hub);
  page.join(driver);
  await expect.poll(() => ada.call.state.peers, SOON).toMatchObject([{ state: 'connected' }]);
  page.close();
  await expect.poll(() => ada.call.state.peers, { timeout: 1_000 }).toEqual([]);
  expect(driver.published.at(-1)).toMatchObject({
    message: { type: 'bye' },
    options: { keepalive: true },
  });
});

test('a page that comes out of the back/forward cache is in the room again', async () => {
  const hub = new MemoryHub();
  const ada = member(hub);
  await joinInTurn(ada);
  const page = await openPage();
  page.join(new TestDriver(hub));
  await expect.poll(() => ada.call.state.peers, SOON).toMatchObject([{ state: 'connected' }]);
  page.window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
  await expect.poll(() => ada.call.state.peers).toEqual([]);
  page.window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
  await expect.poll(() => ada.call.state.peers, SOON).toMatchObject([{ state: 'connected' }]);
});

/** A page of its own, in which a call can be joined. */
async function openPage() {
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
    join: (driver: TestDriver, room: string) => void;
  };
  return {
    window,
    join: (driver: TestDriver) => window.join(driver, ROOM),
    close: () => frame.remove(),
  };
}
