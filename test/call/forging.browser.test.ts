import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Identity } from '../../src/call/Identity.js';
import { MemoryHub } from '../../src/driver/index.js';
import { Attacker } from './Attacker.js';
import {
  after,
  camera,
  connect,
  expectConnected,
  joinInTurn,
  member,
  onlyPeer,
  ROOM,
  SOON,
  type Member,
} from './members.js';
import { expectColour } from './pictures.js';

let hub: MemoryHub;
let mallory: Attacker;

beforeEach(async () => {
  hub = new MemoryHub();
  mallory = new Attacker(hub);
  after(() => mallory.leave());
  await mallory.listen();
});

async function connectPair(options: { secret?: string } = {}): Promise<[Member, Member]> {
  const ada = member(hub, { name: 'Ada', media: camera('red'), ...options });
  const bob = member(hub, { name: 'Bob', media: camera('blue'), ...options });
  await connect(ada, bob);
  await expect.poll(() => onlyPeer(ada).camera).not.toBeNull();
  return [ada, bob];
}

const connectionTo = (from: Member, to: Member) => from.call.connection(to.call.state.id!)!;

/** After the attack nothing is as it was not before. */
async function expectUntouched([ada, bob]: [Member, Member], attack: () => Promise<void>) {
  const look = () =>
    [ada, bob].map(({ call }) => ({ peers: call.state.peers, error: call.state.error }));
  const before = look();
  const connection = connectionTo(ada, bob);
  await attack();
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(look()).toEqual(before);
  expect(connectionTo(ada, bob)).toBe(connection);
  expect(connection.connectionState).toBe('connected');
  await expectColour(() => onlyPeer(ada).camera, 'blue');
}

async function offerOf(media: RTCPeerConnection): Promise<object> {
  for (const kind of ['audio', 'video', 'video', 'audio']) media.addTransceiver(kind);
  media.createDataChannel('call', { negotiated: true, id: 0 });
  await media.setLocalDescription();
  after(() => media.close());
  return { type: 'offer', sdp: media.localDescription!.sdp, round: 1 };
}

describe('without a secret, an attacker over the hub', () => {
  test('ends nothing with a bye', async () => {
    const pair = await connectPair();
    const [{ call }, bob] = pair;
    const { id } = bob.call.state;
    await expectUntouched(pair, async () => {
      const key = await Identity.create();
      await mallory.publish(ROOM, { type: 'bye', id });
      await mallory.send(key, { type: 'bye', id, from: id });
      await mallory.send(key, { type: 'bye', id, from: id }, call.state.id);
    });
  });

  test('renames nobody, and takes nobody their place', async () => {
    const pair = await connectPair();
    const [{ call }, bob] = pair;
    const { id } = bob.call.state;
    const description = await offerOf(new RTCPeerConnection());
    await expectUntouched(pair, async () => {
      const theirs = { from: id, id, key: 'x', type: 'negotiation', name: 'Not Bob' };
      // Without Bob's key, with another key, and with Bob's key beside another signature.
      await mallory.publish(`${ROOM}/${call.state.id}`, { ...theirs, connection: 9, description });
      const { bytes } = mallory.heard.find(({ topic }) => topic === ROOM)!;
      const { signed } = JSON.parse(new TextDecoder().decode(bytes));
      const text = JSON.stringify({ ...theirs, since: 0, count: 1e9, connection: 9, description });
      const to = call.state.id;
      await mallory.publish(`${ROOM}/${to}`, { to, signed: { ...signed, text } });
    });
  });

  test('changes nothing by saying again what was said', async () => {
    const pair = await connectPair();
    await expectUntouched(pair, () => mallory.replay());
    const [ada, bob] = pair;
    const third = member(hub);
    await joinInTurn(third);
    await expectConnected(ada, bob, third);
  });

  test('persuades nobody who is in a call that it is full', async () => {
    const pair = await connectPair();
    await expectUntouched(pair, async () => {
      await mallory.send(await Identity.create(), { type: 'full' }, pair[0].call.state.id);
    });
  });

  test('keeps no newcomer out by saying that the call is full', async () => {
    const [ada, bob] = [member(hub), member(hub)];
    await joinInTurn(ada);
    await mallory.send(await Identity.create(), { type: 'full' }, ada.call.state.id);
    await expect.poll(() => ada.call.state.error?.code).toBe('full');
    await connect(ada, bob);
    expect(ada.call.state.error).toBeUndefined();
  });

  test('leaves no alert with junk', async () => {
    const pair = await connectPair();
    await expectUntouched(pair, async () => {
      for (const topic of [ROOM, `${ROOM}/${pair[0].call.state.id}`]) {
        await mallory.publish(topic, { type: 'greetings' });
        await mallory.publish(topic, Uint8Array.of(0xff, 0xfe));
        await mallory.publish(topic, { signed: { key: 'AA', text: '{}', signature: 'AA' } });
        await mallory.publish(topic, { to: 7, signed: null, sealed: [] });
        await mallory.publish(topic, 'x'.repeat(200_000));
      }
    });
  });

  test('enters under a name of their own, and shows nothing that no browser takes', async () => {
    const pair = await connectPair();
    const key = await Identity.create();
    await expectUntouched(pair, async () => {
      const description = { type: 'offer', sdp: 'what no browser takes', round: 1 };
      const message = { type: 'negotiation', name: 'Bob', connection: 1, description };
      await mallory.send(key, message, pair[0].call.state.id);
    });
  });

  test('floods with hellos, and a newcomer gets in all the same', async () => {
    let made = 0;
    class CountedConnection extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        made += 1;
      }
    }
    vi.stubGlobal('RTCPeerConnection', CountedConnection);
    after(() => void vi.unstubAllGlobals());
    const pair = await connectPair();
    const [ada, bob] = pair;
    const published = ada.published.length;
    const connections = made;

    let flooding = true;
    after(() => (flooding = false));
    const flood = (async () => {
      for (let count = 0; flooding && count < 1_500; count++) {
        await mallory.hello();
        if (count % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();
    await expect.poll(() => mallory.heard.length).toBeGreaterThan(100);
    const cleo = member(hub, { name: 'Cleo' });
    await joinInTurn(cleo);
    for (const { call } of [ada, bob]) {
      const names = () =>
        call.state.peers.filter(({ state }) => state === 'connected').map(({ name }) => name);
      await expect.poll(names, { timeout: 25_000 }).toContain('Cleo');
      // Nobody is shown who has not answered.
      expect(call.state.peers).toHaveLength(2);
    }
    flooding = false;
    await flood;
    // Ada, Bob and Cleo each have a few in the making at a time.
    expect(made - connections).toBeLessThan(3 * 30);
    expect(ada.published.length - published).toBeLessThan(60);
  }, 40_000);
});

describe('with a secret, an attacker over the hub', () => {
  const secret = 'correct horse battery staple';

  test('reads no content, no fingerprint and no address', async () => {
    await connectPair({ secret });
    expect(mallory.heard.length).toBeGreaterThan(2);
    for (const { topic, bytes } of mallory.heard) {
      const text = new TextDecoder().decode(bytes);
      expect(text).not.toMatch(/fingerprint|candidate|ice-ufrag|"name"/);
      expect(topic + text).not.toContain(secret);
    }
  });

  test('changes nothing by saying again what was said, or with messages of their own', async () => {
    const pair = await connectPair({ secret });
    await expectUntouched(pair, async () => {
      await mallory.replay();
      const { id } = pair[0].call.state;
      const description = await offerOf(new RTCPeerConnection());
      const message = { type: 'negotiation', name: 'Bob', connection: 1, description };
      const { signed } = await signedBy(message, id!);
      for (const { topic } of [...mallory.heard]) {
        await mallory.publish(topic, { to: id, signed });
        await mallory.publish(topic, { signed });
        await mallory.publish(topic, { sealed: 'AAAA' });
      }
    });
  });

  test('gets no place in the call, nor does one without the secret or with another one', async () => {
    const pair = await connectPair({ secret });
    const [other, without] = [member(hub, { secret: 'another' }), member(hub)];
    await expectUntouched(pair, async () => {
      await joinInTurn(other, without);
      await expect.poll(() => other.call.state.error?.code, SOON).toBe('secret');
    });
    expect(other.call.state.peers).toEqual([]);
    expect(without.call.state.peers).toEqual([]);
  });
});

async function signedBy(message: object, to: string) {
  const identity = await Identity.create();
  const text = JSON.stringify({ since: 0, count: 1e9, ...message });
  return { signed: await identity.sign(text, `react-signaling call\n${ROOM}\n${to}`) };
}
