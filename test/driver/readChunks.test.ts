// @vitest-environment node
import { expect, it } from 'vitest';
import { readChunks } from '../../src/driver/connection/readChunks.js';
import type { ByteArray } from '../../src/mercure/index.js';
import { decode, encode } from './rig.js';

const parts = ['one', 'two', 'x'.repeat(200_000), 'three'];

function createBody(type?: 'bytes') {
  const start = (controller: { enqueue(chunk: ByteArray): void; close(): void }) => {
    for (const part of parts) controller.enqueue(encode(part));
    controller.close();
  };
  return type ? new ReadableStream({ type, start }) : new ReadableStream({ start });
}

it.each([['bytes'], [undefined]] as const)('reads all of a stream of type %s', async (type) => {
  let text = '';
  for await (const chunk of readChunks(createBody(type), new AbortController().signal)) {
    text += decode(chunk);
  }
  expect(text).toBe(parts.join(''));
});

it('reads a stream of bytes into one buffer', async () => {
  const sizes = new Set<number>();
  const detached: Uint8Array[] = [];
  for await (const chunk of readChunks(createBody('bytes'), new AbortController().signal)) {
    sizes.add(chunk.buffer.byteLength);
    detached.push(chunk);
  }
  expect([...sizes]).toEqual([65_536]);
  expect(detached.map(({ length }) => length)).toEqual(detached.map(() => 0));
});

it('ends a stream that waits for more when the signal aborts', async () => {
  let reason: unknown = 'none';
  const cancel = (why: unknown): void => void (reason = why);
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 10);
  for await (const _ of readChunks(
    new ReadableStream({ type: 'bytes', cancel }),
    controller.signal,
  ));
  expect(reason).toBeUndefined();
});
