import { act, fireEvent, render, screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  json,
  MemoryDriver,
  SignalingError,
  SignalingProvider,
  text,
  useConnection,
  usePublish,
  useSignal,
  type Codec,
  type Gap,
} from '../../src/index.js';
import { createTestSignaling, type TestSignaling } from '../../src/testing/index.js';

const TOPIC = 'https://example.com/rooms/1';

let signaling: TestSignaling;

beforeEach(() => {
  signaling = createTestSignaling();
});

afterEach(() => {
  vi.useRealTimers();
});

function Doorbell() {
  const { data = 'silent', status, error } = useSignal<string>(TOPIC);
  const { queued, attempt } = useConnection();
  const ring = usePublish<string>(TOPIC);
  return (
    <button onClick={() => void ring('ding').catch(() => {})}>
      {[data, status, error?.code, queued, attempt].join(' ')}
    </button>
  );
}

const show = (children: ReactNode = <Doorbell />) =>
  render(
    <SignalingProvider driver={signaling.driver} onError={() => {}}>
      {children}
    </SignalingProvider>,
  );
const click = () => fireEvent.click(screen.getByRole('button'));
const shown = () => screen.getByRole('button').textContent;
/** What was begun has been shown. */
const settled = () => act(async () => {});

describe.each([
  ['real', () => {}],
  ['fake', () => void vi.useFakeTimers()],
  ['completely fake', () => void vi.useFakeTimers({ toFake: ['setTimeout', 'queueMicrotask'] })],
])('with %s timers', (_, begin) => {
  beforeEach(begin);

  test('a signal is shown', async () => {
    show();
    await act(() => signaling.signal(TOPIC, 'ding'));
    expect(shown()).toBe('ding open  0 0');
  });

  test('what a component publishes is read', async () => {
    show();
    click();
    expect(await signaling.published(TOPIC)).toBe('ding');
    expect(signaling.publishes).toMatchObject([{ topic: TOPIC, value: 'ding', type: 'message' }]);
    await settled();
    expect(shown()).toBe('ding open  0 0');
  });

  test('what is published while the hub is away waits until it is back', async () => {
    show();
    await settled();
    act(() => signaling.disconnect({ attempt: 3 }));
    click();
    click();
    await settled();
    expect(shown()).toBe('silent reconnecting unreachable 2 3');
    act(() => signaling.connect());
    await settled();
    expect(shown()).toBe('ding open  0 0');
  });
});

describe('a signal', () => {
  const hear = async () => {
    const heard: unknown[] = [];
    function Listener() {
      useSignal<unknown>(TOPIC, (value, { type, own }) => heard.push([value, type, own]));
      return null;
    }
    show(<Listener />);
    return heard;
  };

  test('has a type, and may be one’s own', async () => {
    const heard = await hear();
    await signaling.signal(TOPIC, 1, { type: 'offer' });
    await signaling.signal(TOPIC, 2, { own: true });
    expect(heard).toEqual([
      [1, 'offer', false],
      [2, 'message', true],
    ]);
    expect(signaling.publishes).toEqual([]);
  });

  test('that was sent before is the past of those who ask for it', async () => {
    await signaling.signal(TOPIC, 1);
    const heard: [unknown, boolean][] = [];
    await signaling.driver.subscribe(
      TOPIC,
      (data, { past }) => heard.push([json.decode(data), past]),
      { since: 'earliest' },
    );
    await signaling.signal(TOPIC, 2);
    expect(heard).toEqual([
      [1, true],
      [2, false],
    ]);
  });

  test('is written by the codec and the encoding it is given', async () => {
    const heard: string[] = [];
    await signaling.driver.subscribe(TOPIC, (data) => heard.push(text.decode(data)), {
      encoding: 'text',
    });
    await signaling.signal(TOPIC, 'plain', { codec: text, encoding: 'text' });
    expect(heard).toEqual(['plain']);
  });

  test('that comes while the hub is away arrives when it is back', async () => {
    const heard = await hear();
    signaling.disconnect();
    const sent = signaling.signal(TOPIC, 1);
    await Promise.resolve();
    expect(heard).toEqual([]);
    signaling.connect();
    await sent;
    expect(heard).toEqual([[1, 'message', false]]);
  });

  test('reaches everybody on this hub, other drivers too', async () => {
    const other = new MemoryDriver(signaling);
    const heard: unknown[] = [];
    await other.subscribe(TOPIC, (data) => heard.push(json.decode(data)));
    show();
    click();
    await settled();
    await signaling.signal(TOPIC, 'dong');
    expect(heard).toEqual(['ding', 'dong']);
  });
});

describe('published', () => {
  test('takes one after the other, each on its topic', async () => {
    const publish = (topic: string, value: unknown) =>
      signaling.driver.publish(topic, json.encode(value));
    await publish('a', 1);
    await publish('b', 2);
    await publish('a', 3);
    expect(await signaling.published('a')).toBe(1);
    const waiting = [signaling.published('a'), signaling.published('a')];
    await publish('a', 4);
    expect(await Promise.all(waiting)).toEqual([3, 4]);
    expect(await signaling.published('b')).toBe(2);
    expect(signaling.publishes.map(({ value }) => value)).toEqual([1, 2, 3, 4]);
  });

  test('says what was published elsewhere where nothing comes, fake timers or not', async () => {
    await signaling.driver.publish('b', [1]);
    vi.useFakeTimers();
    await expect(signaling.published('a', { timeout: 20 })).rejects.toThrow(
      'Nothing was published on "a" within 20 ms. Published so far on: "b".',
    );
  });

  test('reads what an asynchronous codec has made', async () => {
    const slow: Codec<string> = {
      encode: async (value) => text.encode(value),
      decode: async (bytes) => text.decode(bytes),
    };
    signaling = createTestSignaling({ codec: slow });
    void signaling.driver.publish(TOPIC, Promise.resolve(text.encode('hello')));
    expect(await signaling.published(TOPIC)).toBe('hello');
    expect(await signaling.publishes[0]!.value).toBe('hello');
  });

  test('has what the hub refuses, too', async () => {
    signaling.refuse(TOPIC, undefined, { only: 'publish' });
    show();
    click();
    expect(await signaling.published(TOPIC)).toBe('ding');
    await settled();
    expect(shown()).toBe('silent open  0 0');
  });
});

describe('the hub', () => {
  test('refuses a topic until it is allowed and tried again', async () => {
    show();
    await settled();
    act(() => signaling.refuse(TOPIC));
    expect(shown()).toBe('silent closed unauthorized 0 0');
    signaling.allow(TOPIC);
    act(() => signaling.driver.reconnect());
    await settled();
    expect(shown()).toBe('silent open  0 0');
  });

  test('refuses every topic with the error it is given', async () => {
    signaling.refuse('*', new SignalingError('not-a-hub', 'No hub.'));
    show();
    await settled();
    expect(shown()).toBe('silent closed not-a-hub 0 0');
  });

  test('is out of reach for one topic: its stream is tried again, and back once it is allowed', async () => {
    signaling.refuse(TOPIC, new SignalingError('unreachable', 'Away.'), { only: 'subscribe' });
    show();
    await settled();
    expect(shown()).toBe('silent reconnecting unreachable 0 1');
    act(() => signaling.allow(TOPIC));
    expect(shown()).toBe('silent open  0 0');
  });

  test('refuses so many publishes and takes the next', async () => {
    signaling.refuse(TOPIC, undefined, { only: 'publish', times: 1 });
    const { driver } = signaling;
    await expect(driver.publish(TOPIC, [1])).rejects.toMatchObject({ code: 'unauthorized' });
    await driver.publish(TOPIC, [2]);
  });

  test('fails for a moment: the publish is tried again', async () => {
    vi.useFakeTimers();
    signaling.refuse(TOPIC, new SignalingError('unreachable', 'Away.'), { times: 2 });
    const taken = signaling.driver.publish(TOPIC, [1]);
    await vi.advanceTimersByTimeAsync(10_000);
    await taken;
  });

  test('takes its time over subscriptions and publishes', async () => {
    vi.useFakeTimers();
    signaling.delay(TOPIC, 500);
    show();
    click();
    await act(() => vi.advanceTimersByTimeAsync(499));
    expect(shown()).toBe('silent connecting  1 0');
    await act(() => vi.advanceTimersByTimeAsync(1));
    expect(shown()).toBe('ding open  0 0');
    signaling.delay(TOPIC, 0);
    click();
    await settled();
    expect(shown()).toBe('ding open  0 0');
  });

  test('that stays away lets a publish time out', async () => {
    vi.useFakeTimers();
    signaling.disconnect();
    const failure = signaling.driver.publish(TOPIC, [1]).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await failure).toMatchObject({ code: 'timeout' });
  });

  test('reports a gap to those who listen', async () => {
    const gaps: Gap[] = [];
    signaling.driver.on('gap', (gap) => gaps.push(gap));
    show();
    await settled();
    signaling.loseSignals('https://example.com/other');
    signaling.loseSignals(TOPIC, 'memory:7');
    expect(gaps).toEqual([{ topics: [TOPIC], lastEventId: 'memory:7', missed: undefined }]);
  });

  test('tells which topics are listened to', async () => {
    const { unmount } = show();
    expect(signaling.topics).toEqual([TOPIC]);
    unmount();
    await vi.waitFor(() => expect(signaling.topics).toEqual([]), { timeout: 3_000 });
  });
});

test('reset begins anew, with a driver that works', async () => {
  await signaling.signal(TOPIC, 'before');
  signaling.disconnect();
  signaling.refuse('*');
  void signaling.driver.publish(TOPIC, [1]).catch(() => {});
  const before = signaling.driver;
  signaling.reset();
  expect(signaling.publishes).toEqual([]);
  expect(signaling.driver).not.toBe(before);
  const past = vi.fn();
  await signaling.driver.subscribe(TOPIC, past, { since: 'earliest' });
  expect(past).not.toHaveBeenCalled();
  show();
  await act(() => signaling.signal(TOPIC, 'ding'));
  expect(shown()).toBe('ding open  0 0');
});
