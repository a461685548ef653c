import { expectTypeOf, test } from 'vitest';
import { inspect, type InspectedDriver } from '../../src/devtools/index.js';
import { MemoryDriver, text, type Driver } from '../../src/driver/index.js';
import { createTestSignaling, mswHandlers, type Hub } from '../../src/testing/index.js';

test('published has the type it is given, or that of its codec', async () => {
  const signaling = createTestSignaling();
  expectTypeOf(signaling.driver).toEqualTypeOf<Driver>();
  expectTypeOf(await signaling.published<{ text: string }>('topic')).toEqualTypeOf<{
    text: string;
  }>();
  expectTypeOf(await signaling.published('topic', { codec: text })).toEqualTypeOf<string>();
});

test('signal takes what its codec takes', () => {
  const signaling = createTestSignaling();
  void signaling.signal('topic', 'hello', { codec: text, type: 'greeting' });
  // @ts-expect-error a number is no text
  void signaling.signal('topic', 1, { codec: text });
  // @ts-expect-error a signal needs a value
  void signaling.signal('topic');
});

test('mswHandlers returns what the `http` of MSW makes', () => {
  interface RequestHandler {
    readonly path: string | RegExp;
  }
  const http = { all: (path: string | RegExp, _resolver: unknown): RequestHandler => ({ path }) };
  expectTypeOf(mswHandlers(http, {} as Hub)).toEqualTypeOf<RequestHandler[]>();
});

test('an inspected driver is a driver', () => {
  expectTypeOf(inspect(new MemoryDriver())).toEqualTypeOf<InspectedDriver>();
  expectTypeOf<InspectedDriver>().toExtend<Driver>();
});
