import { describe, expect, test } from 'vitest';
import { MAX_HEARD, parseChannelMessage, parseHubMessage } from '../../src/call/messages.js';

const ID = 'PiKou-W_gcmAmfGSV4q7pw';
const description = { type: 'offer', sdp: 'v=0', round: 1 };
const candidate = { candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 };

describe('reads from the hub', () => {
  test.each([
    { type: 'hello', heard: [] },
    { type: 'hello', heard: [ID] },
    { type: 'negotiation', name: 'Ada', connection: 1, description },
    { type: 'negotiation', name: '', connection: 1, candidates: [candidate] },
    { type: 'negotiation', name: 'Ada', connection: 0, restart: 'path' },
  ])('%j', (message) => {
    expect(parseHubMessage(JSON.stringify({ count: 1, ...message }))).toEqual(message);
  });

  test('a long name shortened', () => {
    const message = { type: 'negotiation', name: 'A'.repeat(1_000), connection: 1 };
    expect(parseHubMessage(JSON.stringify(message))).toMatchObject({ name: 'A'.repeat(100) });
  });

  test.each([
    'no json',
    'null',
    '[]',
    '{}',
    { type: 'hello' },
    { type: 'hello', heard: ['../other/topic/of/22/xx'] },
    { type: 'hello', heard: Array.from({ length: MAX_HEARD + 1 }, () => ID) },
    { type: 'bye' },
    { type: 'negotiation', connection: 1 },
    { type: 'negotiation', name: 'Ada', connection: '1' },
    { type: 'negotiation', name: 'Ada', connection: 1, description: { ...description, type: 'x' } },
    { type: 'negotiation', name: 'Ada', connection: 1, description: { ...description, sdp: 1 } },
    { type: 'negotiation', name: 'Ada', connection: 1, candidates: [{ candidate: 1 }] },
    { type: 'negotiation', name: 'Ada', connection: 1, candidates: 'all' },
  ])('nothing of %j', (message) => {
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    expect(parseHubMessage(text)).toBeUndefined();
  });
});

describe('reads from a data channel', () => {
  test.each([
    { type: 'status', name: 'Ada', data: 1, camera: true, microphone: false, screen: false },
    { type: 'negotiation', connection: 1, description },
    { type: 'message', number: 1, channel: 'chat', body: { text: 'Hi' } },
    { type: 'beat', received: 7 },
    { type: 'bye' },
  ])('%j', (message) => {
    expect(parseChannelMessage(JSON.stringify(message))).toEqual(message);
  });

  test.each([
    new ArrayBuffer(1),
    'no json',
    { type: 'status', name: 1 },
    { type: 'message', number: -1, channel: 'chat' },
    { type: 'message', number: 1 },
    { type: 'beat' },
    { type: 'hello', heard: [] },
  ])('nothing of %j', (message) => {
    const plain = typeof message === 'string' || message instanceof ArrayBuffer;
    expect(parseChannelMessage(plain ? message : JSON.stringify(message))).toBeUndefined();
  });
});
