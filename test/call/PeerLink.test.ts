import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { limitsFor } from '../../src/call/budget.js';
import type { PeerMessage } from '../../src/call/messages.js';
import { PeerLink, type Departure } from '../../src/call/PeerLink.js';
import { NO_MEDIA } from '../../src/call/SentMedia.js';
import { FakeConnection } from './FakeConnection.js';

const GRACE = 15_000;
const STATUS = { name: 'Ada', data: undefined, camera: false, microphone: false, screen: false };
const OFFER = { type: 'offer', sdp: 'v=0', round: 1 } as const;

beforeEach(() => {
  vi.useFakeTimers();
  FakeConnection.install();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A link, with a clock that ticks every second. @param makesOffers Whether this side does. */
function openLink(makesOffers = true) {
  const told: PeerMessage[] = [];
  const gone: Departure[] = [];
  const messages: unknown[] = [];
  const hub = { active: true };
  let number = 0;
  const link = new PeerLink({
    id: 'b',
    offers: makesOffers,
    grace: GRACE,
    configuration: async () => undefined,
    media: () => NO_MEDIA,
    limits: () => limitsFor(1e6, 1, false),
    status: () => STATUS,
    nextNumber: () => ++number,
    hubActive: () => hub.active,
    tell: async (message) => void told.push(message),
    onChange: () => {},
    onMessage: (_channel, body) => messages.push(body),
    onGone: (reason) => {
      gone.push(reason);
      link.close();
    },
    onError: (cause) => {
      throw cause;
    },
  });
  let count = 0;
  const answer = async (connection: number) => {
    const description = { type: 'answer', sdp: 'v=0', round: 1 } as const;
    link.receive({ type: 'negotiation', name: 'Bob', connection, description }, ++count);
    await vi.advanceTimersByTimeAsync(0);
  };
  /** So many seconds pass; `alive`: the peer beats meanwhile. */
  const pass = async (seconds: number, alive = false) => {
    for (let second = 0; second < seconds; second++) {
      await vi.advanceTimersByTimeAsync(1_000);
      if (alive) FakeConnection.all.at(-1)!.hear({ type: 'beat', received: 0 });
      link.tick(Date.now(), false);
    }
  };
  const offers = () => told.filter(({ description }) => description?.type === 'offer');
  return { link, told, gone, messages, hub, answer, pass, offers };
}

/** One that is connected. */
async function openConnected() {
  const opened = openLink();
  await vi.advanceTimersByTimeAsync(0);
  await opened.answer(1);
  const [connection] = FakeConnection.all as [FakeConnection];
  connection.become('connected');
  return { ...opened, connection };
}

test('is shown once it has answered', async () => {
  const { link, answer } = openLink();
  await vi.advanceTimersByTimeAsync(0);
  expect(link.peer).toBeUndefined();
  await answer(1);
  expect(link.peer).toMatchObject({ id: 'b', name: 'Bob', state: 'connecting', camera: null });
  FakeConnection.all[0]!.become('connected');
  expect(link.peer).toMatchObject({ state: 'connected' });
});

test('what the peer says over its channel beats what the hub said', async () => {
  const { link, connection, answer } = await openConnected();
  connection.hear({ type: 'status', ...STATUS, name: 'Robert', camera: true });
  await answer(1);
  expect(link.peer).toMatchObject({ name: 'Robert', muted: { camera: false, microphone: true } });
});

test('a silent peer is out of reach within 6 seconds, and back with its next word', async () => {
  const { link, connection, pass } = await openConnected();
  await pass(20, true);
  expect(link.peer?.state).toBe('connected');
  await pass(6);
  expect(link.peer?.state).toBe('disconnected');
  connection.hear({ type: 'beat', received: 0 });
  expect(link.peer?.state).toBe('connected');
});

test('a path that is down is looked for anew, then begun anew, until the grace is over', async () => {
  const { link, connection, answer, offers, pass, gone } = await openConnected();
  connection.become('disconnected');
  expect(link.peer?.state).toBe('disconnected');
  await pass(6);
  expect(connection.createOffer).toHaveBeenLastCalledWith({ iceRestart: true });
  expect(FakeConnection.all).toHaveLength(1);
  await answer(1);
  await pass(7);
  expect(offers().map(({ connection }) => connection)).toEqual([1, 1, 2]);
  expect(gone).toEqual([]);
  await pass(3);
  expect(gone).toEqual(['lost']);
});

test('a path that is down for a moment costs nothing', async () => {
  const { link, connection, told, pass } = await openConnected();
  const before = told.length;
  connection.become('disconnected');
  await pass(3);
  connection.become('connected');
  await pass(3, true);
  expect(link.peer?.state).toBe('connected');
  expect(told).toHaveLength(before);
});

test('one that answers neither over its path nor over the hub is gone within 12 seconds', async () => {
  const { connection, gone, pass } = await openConnected();
  connection.become('disconnected');
  await pass(9);
  expect(gone).toEqual([]);
  await pass(3);
  expect(gone).toEqual(['lost']);
});

test('a page that stands still, whose path holds, is not connected anew', async () => {
  const { link, connection, gone, pass, told } = await openConnected();
  const before = told.length;
  await pass(15);
  expect(link.peer?.state).toBe('disconnected');
  expect(told).toHaveLength(before);
  expect(FakeConnection.all).toEqual([connection]);
  connection.hear({ type: 'beat', received: 0 });
  expect(link.peer?.state).toBe('connected');
  await pass(23);
  expect(gone).toEqual(['lost']);
});

test('nobody counts as gone while the hub is away, until the grace is over', async () => {
  const { connection, hub, gone, pass } = await openConnected();
  connection.become('disconnected');
  hub.active = false;
  await pass(14);
  expect(gone).toEqual([]);
  await pass(4);
  expect(gone).toEqual(['lost']);
});

test('a path that failed is begun anew at once', async () => {
  const { connection, pass } = await openConnected();
  connection.become('failed');
  await pass(4);
  expect(FakeConnection.all).toHaveLength(2);
  expect(connection.signalingState).toBe('closed');
});

test('a pair without an answer begins anew, ever later, and is given up', async () => {
  const { offers, pass, gone } = openLink();
  await pass(7);
  expect(offers().map(({ connection }) => connection)).toEqual([1, 2]);
  await pass(10);
  expect(offers().map(({ connection }) => connection)).toEqual([1, 2, 3]);
  await pass(14);
  expect(gone).toEqual(['unreachable']);
});

test('nothing begins anew while the hub is away', async () => {
  const { hub, pass, gone, offers } = openLink();
  hub.active = false;
  await pass(60);
  expect(offers()).toHaveLength(1);
  expect(gone).toEqual([]);
});

test('an answer to another connection is not applied', async () => {
  const { link, answer } = openLink();
  await vi.advanceTimersByTimeAsync(0);
  await answer(7);
  expect(link.peer).toBeUndefined();
});

test('an offer to the side that offers is not taken', async () => {
  const { link } = openLink();
  link.receive({ type: 'negotiation', name: 'Bob', connection: 9, description: OFFER }, 1);
  await vi.advanceTimersByTimeAsync(0);
  expect(FakeConnection.all).toHaveLength(1);
  expect(link.peer).toBeUndefined();
});

test('what was said before is not taken again', async () => {
  const { link } = openLink();
  await vi.advanceTimersByTimeAsync(0);
  const message = { type: 'negotiation', name: 'Bob', connection: 1 } as const;
  link.receive({ ...message, description: { type: 'answer', sdp: 'v=0', round: 1 } }, 5);
  link.receive({ ...message, name: 'Earlier' }, 4);
  await vi.advanceTimersByTimeAsync(0);
  expect(link.peer?.name).toBe('Bob');
});

test('a page that was frozen judges anew', async () => {
  const { link } = await openConnected();
  await vi.advanceTimersByTimeAsync(60_000);
  link.tick(Date.now(), true);
  expect(link.peer?.state).toBe('connected');
});

test('a bye is leaving, a closed channel is being lost', async () => {
  const first = await openConnected();
  first.connection.hear({ type: 'bye' });
  expect(first.gone).toEqual(['closed']);
  FakeConnection.all.length = 0;
  const second = await openConnected();
  second.connection.channel.dispatchEvent(new Event('close'));
  expect(second.gone).toEqual(['lost']);
});

test('a connection that breaks is replaced at once by the side that offers', async () => {
  const { link, connection, gone, offers, answer } = await openConnected();
  connection.break();
  expect(link.peer?.state).toBe('disconnected');
  await vi.advanceTimersByTimeAsync(0);
  expect(offers().map(({ connection }) => connection)).toEqual([1, 2]);
  await answer(2);
  FakeConnection.all[1]!.become('connected');
  expect(link.peer?.state).toBe('connected');
  expect(gone).toEqual([]);
});

test('the side that answers asks for another connection once, and takes it', async () => {
  const { link, told, gone, pass } = openLink(false);
  const offer = async (connection: number) => {
    link.receive({ type: 'negotiation', name: 'Bob', connection, description: OFFER }, connection);
    await vi.advanceTimersByTimeAsync(0);
    FakeConnection.all.at(-1)!.become('connected');
  };
  await offer(1);
  FakeConnection.all[0]!.break();
  await pass(3);
  expect(told.filter(({ restart }) => restart)).toMatchObject([
    { connection: 1, restart: 'connection' },
  ]);
  await offer(2);
  expect(link.peer?.state).toBe('connected');
  expect(gone).toEqual([]);
});

test('the side that answers counts the other one as gone that gives it no other connection', async () => {
  const { link, gone, pass } = openLink(false);
  link.receive({ type: 'negotiation', name: 'Bob', connection: 1, description: OFFER }, 1);
  await vi.advanceTimersByTimeAsync(0);
  FakeConnection.all[0]!.become('connected');
  FakeConnection.all[0]!.break();
  await pass(7);
  expect(gone).toEqual(['lost']);
});

test('a connection that broke at the other end is replaced when that one asks', async () => {
  const { link, offers } = await openConnected();
  const message = { type: 'negotiation', name: 'Bob', restart: 'connection' } as const;
  link.receive({ ...message, connection: 7 }, 2);
  await vi.advanceTimersByTimeAsync(0);
  expect(offers()).toHaveLength(1);
  link.receive({ ...message, connection: 1 }, 3);
  await vi.advanceTimersByTimeAsync(0);
  expect(link.peer?.state).toBe('disconnected');
  expect(offers().map(({ connection }) => connection)).toEqual([1, 2]);
});

test('an offer that was lost with the channel is followed by one over the hub', async () => {
  const { link, connection, offers, pass } = await openConnected();
  link.restart();
  await vi.advanceTimersByTimeAsync(0);
  expect(connection.channel.sent.at(-1)).toMatchObject({ description: { round: 2 } });
  expect(offers()).toHaveLength(1);
  connection.become('disconnected');
  await pass(6);
  expect(offers().map(({ description }) => description!.round)).toEqual([1, 3]);
  expect(connection.createOffer).toHaveBeenLastCalledWith({ iceRestart: true });
});

test('messages are sent again until the peer has them, and shown once', async () => {
  const { link, connection, messages } = await openConnected();
  link.send('chat', 'one');
  link.send('chat', 'two');
  const sent = () => connection.channel.sent.filter(({ type }) => type === 'message');
  const [first] = sent();
  connection.hear({ type: 'beat', received: first.number });
  connection.become('disconnected');
  connection.become('connected');
  expect(sent().map(({ body }) => body)).toEqual(['one', 'two', 'two']);
  for (const number of [1, 2, 2, 1]) {
    connection.hear({ type: 'message', number, channel: 'chat', body: number });
  }
  expect(messages).toEqual([1, 2]);
});
