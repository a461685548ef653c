import { describe, expect, test } from 'vitest';
import { parseInboxMessage, parseRoomMessage } from '../../src/call/messages.js';
import { json, SignalingError, text } from '../../src/driver/index.js';

const TOPIC = 'https://example.com/rooms/1';
const bytes = (value: unknown) => json.encode(value) as Uint8Array<ArrayBuffer>;

const introduction = { from: 'b1', name: 'Bob', connection: 'c1' };
const description = { type: 'offer', sdp: 'v=0', round: 1 };

describe('what is said in a room', () => {
  test.each([
    { type: 'hello', id: 'a1', name: 'Ada' },
    { type: 'hello', id: 'a1', name: '' },
    { type: 'bye', id: 'a1' },
  ])('is read: %j', (message) => {
    expect(parseRoomMessage(bytes(message), TOPIC)).toEqual(message);
  });

  test('holds nothing that is not known', () => {
    const message = { type: 'bye', id: 'a1' };
    expect(parseRoomMessage(bytes({ ...message, extra: 1 }), TOPIC)).toEqual(message);
  });

  test.each([
    null,
    'hello',
    [],
    {},
    { type: 'hello', id: 'a1' },
    { type: 'hello', id: 'a1', name: 7 },
    { type: 'bye' },
    { type: 'bye', id: '' },
    { type: 'bye', id: '../rooms/2' },
    { type: 'bye', id: 'a'.repeat(65) },
    { type: 'greetings', id: 'a1', name: 'Ada' },
  ])('is refused: %j', (message) => {
    expect(() => parseRoomMessage(bytes(message), TOPIC)).toThrow(
      expect.objectContaining({ code: 'decode', topic: TOPIC }),
    );
  });

  test('is refused where it is no JSON, with the cause', () => {
    const read = () => parseRoomMessage(text.encode('hello') as Uint8Array<ArrayBuffer>, TOPIC);
    expect(read).toThrow(SignalingError);
    expect(read).toThrow(expect.objectContaining({ cause: expect.any(SyntaxError) }));
  });
});

describe('what is said to one peer', () => {
  test.each([
    introduction,
    { ...introduction, to: 'c2' },
    { ...introduction, description },
    { ...introduction, description: { ...description, type: 'answer' } },
    { ...introduction, candidates: [] },
    { ...introduction, candidates: [{ candidate: '' }] },
    {
      ...introduction,
      candidates: [{ candidate: 'c', sdpMid: '0', sdpMLineIndex: 0, usernameFragment: null }],
    },
  ])('is read: %j', (message) => {
    expect(parseInboxMessage(bytes(message), TOPIC)).toEqual(message);
  });

  test.each([
    { ...introduction, from: 'b/1' },
    { ...introduction, name: undefined },
    { ...introduction, connection: undefined },
    { ...introduction, to: null },
    { ...introduction, description: 'v=0' },
    { ...introduction, description: { ...description, type: 'rollback' } },
    { ...introduction, description: { ...description, sdp: undefined } },
    { ...introduction, description: { ...description, round: '1' } },
    { ...introduction, candidates: 'c' },
    { ...introduction, candidates: [null] },
    { ...introduction, candidates: [{ candidate: 'c', sdpMid: 0 }] },
    { ...introduction, candidates: [{ candidate: 'c', sdpMLineIndex: 'x' }] },
  ])('is refused: %j', (message) => {
    expect(() => parseInboxMessage(bytes(message), TOPIC)).toThrow(
      expect.objectContaining({ code: 'decode', topic: TOPIC }),
    );
  });
});
