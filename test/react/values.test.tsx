import { render, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import {
  bytes,
  MemoryDriver,
  SignalingError,
  SignalingProvider,
  text,
  usePublish,
  useSignal,
  type Codec,
  type UseSignalOptions,
} from '../../src/index.js';
import { publish, schemaOf } from './support.js';

const isOffer = (value: unknown): value is { sdp: string } =>
  typeof (value as { sdp?: unknown } | null)?.sdp === 'string';
const offer = schemaOf(isOffer, 'sdp must be a string');

const encode = (value: string) => new TextEncoder().encode(value);

interface ListenerProps<Value> {
  onSignal: (value: Value) => void;
  options?: UseSignalOptions<Value>;
}

function Listener<Value>({ onSignal, options }: ListenerProps<Value>) {
  useSignal<Value>('room', onSignal, options);
  return null;
}

function Latest<Value>({ options }: { options?: UseSignalOptions<Value> }) {
  const { data, status, error } = useSignal<Value>('room', options);
  return <output>{[JSON.stringify(data), status, error?.code].join(' ')}</output>;
}

const shown = () => screen.getByRole('status').textContent;

/** Text from its end to its beginning. */
const backwards: Codec<string> = {
  encode: (value) => encode([...value].toReversed().join('')),
  decode: (value) => [...new TextDecoder().decode(value)].toReversed().join(''),
};

test.each<[string, Codec<any> | undefined, unknown]>([
  ['JSON by default', undefined, { a: [1, null, 'ü'] }],
  ['text', text, 'Zürich 東京 👋'],
  ['bytes', bytes, Uint8Array.of(0, 255, 10, 13)],
  ['a codec of its own', backwards, 'attack'],
])('a value travels as %s', async (_, codec, value) => {
  const driver = new MemoryDriver();
  const heard: unknown[] = [];
  let send!: (value: unknown) => Promise<void>;
  function Sender() {
    send = usePublish<unknown>('room', { codec });
    return null;
  }
  render(
    <SignalingProvider driver={driver}>
      <Listener<unknown> onSignal={(value) => heard.push(value)} options={{ codec }} />
      <Sender />
    </SignalingProvider>,
  );
  await send(value);
  expect(heard).toEqual([value]);
});

test('what does not decode is an error and no signal, and all others are served', async () => {
  const driver = new MemoryDriver();
  const onError = vi.fn<(error: SignalingError) => void>();
  const values = vi.fn();
  const texts = vi.fn();
  render(
    <SignalingProvider driver={driver} onError={onError}>
      <Listener onSignal={values} />
      <Listener onSignal={texts} options={{ codec: text }} />
    </SignalingProvider>,
  );
  await driver.publish('room', encode('{'));
  await publish(driver, 'room', 1);
  expect(values.mock.calls).toEqual([[1, expect.anything()]]);
  expect(texts.mock.calls.map(([value]) => value as unknown)).toEqual(['{', '1']);
  expect(onError).toHaveBeenCalledOnce();
  const error = onError.mock.calls[0]![0];
  expect(error).toBeInstanceOf(SignalingError);
  expect(error).toMatchObject({ code: 'decode', topic: 'room', cause: expect.any(SyntaxError) });
});

test('what does not fit its schema is an error that says why, and no signal', async () => {
  const driver = new MemoryDriver();
  const onError = vi.fn<(error: SignalingError) => void>();
  const onSignal = vi.fn();
  render(
    <SignalingProvider driver={driver} onError={onError}>
      <Listener onSignal={onSignal} options={{ schema: offer }} />
    </SignalingProvider>,
  );
  await publish(driver, 'room', { sdp: 1 }, { sdp: 'v=0' });
  expect(onSignal.mock.calls).toEqual([[{ sdp: 'v=0' }, expect.anything()]]);
  expect(onError).toHaveBeenCalledOnce();
  expect(onError.mock.calls[0]![0]).toMatchObject({ code: 'schema', topic: 'room' });
  expect(onError.mock.calls[0]![0].message).toContain('sdp must be a string');
});

test('a schema may change the value', async () => {
  const driver = new MemoryDriver();
  const onSignal = vi.fn();
  const schema = {
    '~standard': {
      version: 1 as const,
      vendor: 'test',
      validate: (value: unknown) => ({ value: new Date(value as string) }),
    },
  };
  render(
    <SignalingProvider driver={driver}>
      <Listener onSignal={onSignal} options={{ schema }} />
    </SignalingProvider>,
  );
  await publish(driver, 'room', '2026-01-01T00:00:00Z');
  expect(onSignal.mock.calls[0]![0]).toEqual(new Date('2026-01-01T00:00:00Z'));
});

test.each([
  ['validates asynchronously', () => Promise.resolve({ value: 1 }), 'schema'],
  [
    'throws',
    () => {
      throw new Error('at fault');
    },
    'schema',
  ],
])('a schema that %s is an error and no signal', async (_, validate, code) => {
  const driver = new MemoryDriver();
  const onError = vi.fn<(error: SignalingError) => void>();
  const onSignal = vi.fn();
  const schema = { '~standard': { version: 1 as const, vendor: 'test', validate } };
  render(
    <SignalingProvider driver={driver} onError={onError}>
      <Listener onSignal={onSignal} options={{ schema }} />
    </SignalingProvider>,
  );
  await publish(driver, 'room', 1);
  expect(onSignal).not.toHaveBeenCalled();
  expect(onError).toHaveBeenCalledOnce();
  expect(onError.mock.calls[0]![0]).toBeInstanceOf(SignalingError);
  expect(onError.mock.calls[0]![0]).toMatchObject({ code, topic: 'room' });
});

test('an error of a value goes to the onError of its hook where it has one', async () => {
  const driver = new MemoryDriver();
  const onError = vi.fn<(error: SignalingError) => void>();
  const onProviderError = vi.fn();
  render(
    <SignalingProvider driver={driver} onError={onProviderError}>
      <Listener onSignal={() => {}} options={{ schema: offer, onError }} />
      <Latest options={{ schema: offer, onError }} />
    </SignalingProvider>,
  );
  await publish(driver, 'room', 1);
  expect(onError.mock.calls.map(([{ code }]) => code)).toEqual(['schema', 'schema']);
  expect(onProviderError).not.toHaveBeenCalled();
});

test('the latest signal keeps its data beside the error, until one fits again', async () => {
  const driver = new MemoryDriver();
  render(
    <SignalingProvider driver={driver}>
      <Latest options={{ schema: offer }} />
    </SignalingProvider>,
  );
  await waitFor(() => expect(shown()).toBe(' open '));
  await publish(driver, 'room', { sdp: 'one' });
  await waitFor(() => expect(shown()).toBe('{"sdp":"one"} open '));
  await publish(driver, 'room', { sdp: 2 });
  await waitFor(() => expect(shown()).toBe('{"sdp":"one"} open schema'));
  await driver.publish('room', encode('{'));
  await waitFor(() => expect(shown()).toBe('{"sdp":"one"} open decode'));
  await publish(driver, 'room', { sdp: 'three' });
  await waitFor(() => expect(shown()).toBe('{"sdp":"three"} open '));
});

test('a new codec or schema counts from the next signal on, without subscribing anew', async () => {
  const driver = new MemoryDriver();
  const onSubscribe = vi.fn();
  driver.on('subscribe', onSubscribe);
  const heard: unknown[] = [];
  const tree = (codec: Codec<any>) => (
    <SignalingProvider driver={driver}>
      <Listener onSignal={(value) => heard.push(value)} options={{ codec }} />
    </SignalingProvider>
  );
  const { rerender } = render(tree(text));
  await driver.publish('room', encode('abc'));
  rerender(tree(backwards));
  await driver.publish('room', encode('abc'));
  expect(heard).toEqual(['abc', 'cba']);
  expect(onSubscribe).toHaveBeenCalledOnce();
});
