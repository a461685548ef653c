// @vitest-environment node
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { inspect, type InspectedDriver } from '../../src/devtools/index.js';
import { json, MemoryDriver, MemoryHub, type SignalingError } from '../../src/driver/index.js';
import { describeDriver } from '../driver/suite.js';

describeDriver(
  'an inspected driver',
  async () => {
    const hub = new MemoryHub();
    return { connect: () => inspect(new MemoryDriver(hub)), close() {} };
  },
  { keepsIds: true, longest: 700_000 },
);

let hub: MemoryHub;
let driver: InspectedDriver;
let heard: unknown[];

const publish = (value: unknown) => driver.publish('topic', json.encode(value));
const see = () => driver.inspect(10);

beforeEach(async () => {
  hub = new MemoryHub();
  driver = inspect(new MemoryDriver(hub));
  heard = [];
  await driver.subscribe('topic', (data) => heard.push(json.decode(data)));
});

afterEach(() => {
  driver.destroy();
  vi.useRealTimers();
});

describe('sees', () => {
  test('topics, who listens, how many signals came, and where the stream goes on', async () => {
    await driver.subscribe('topic', () => {});
    await publish(1);
    await publish(2);
    expect(see().topics).toEqual([
      {
        name: 'topic',
        status: 'open',
        error: undefined,
        handlers: 2,
        signals: 2,
        cursor: expect.stringMatching(/^signal:/),
      },
    ]);
    await driver.unsubscribe('topic');
    expect(see().topics).toEqual([]);
  });

  test('what was published and what came, newest first', async () => {
    await publish('hello');
    expect(see().signals).toMatchObject([
      { number: 2, direction: 'in', topic: 'topic', own: true, bytes: json.encode('hello') },
      { number: 1, direction: 'out', topic: 'topic', bytes: json.encode('hello') },
    ]);
    driver.clear();
    expect(see().signals).toEqual([]);
  });

  test('the last 200 signals, however many there were', async () => {
    for (let number = 1; number <= 500; number++) await publish(number);
    const seen = driver.inspect(1_000).signals.filter(({ direction }) => direction === 'in');
    expect(seen).toHaveLength(100);
    expect(json.decode(seen[0]!.bytes as Uint8Array<ArrayBuffer>)).toBe(500);
    expect(see().signals).toHaveLength(10);
  });

  test('what one handler asked of the past, whose state is its own', async () => {
    await publish(1);
    driver.clear();
    const past: boolean[] = [];
    const handler = (_: unknown, event: { past: boolean }) => past.push(event.past);
    const accepted = driver.subscribe('topic', handler, { since: 'earliest' });
    expect(driver.stateOf('topic', handler).status).toBe('connecting');
    expect(driver.stateOf('topic').status).toBe('open');
    await accepted;
    expect(driver.stateOf('topic', handler).status).toBe('open');
    expect(past).toEqual([true]);
    expect(see().signals).toMatchObject([{ direction: 'in', bytes: json.encode(1) }]);
  });

  test('gaps and errors', async () => {
    driver.on('error', () => {});
    hub.loseSignals('topic', 'an id');
    await driver.subscribe('other', () => {
      throw new Error('a mistake');
    });
    await driver.publish('other', [1]);
    expect(see().problems).toMatchObject([
      { code: 'handler' },
      { code: 'gap', text: 'Signals on topic were lost, behind an id.' },
    ]);
  });
});

describe('breaks', () => {
  test('cut: it reconnects until it is mended, and loses nothing', async () => {
    const states: string[] = [];
    driver.on('connection', ({ status }) => states.at(-1) === status || states.push(status));
    const watcher = vi.fn();
    driver.watch('topic', watcher);
    driver.break({ cut: true });
    expect(driver.active).toBe(false);
    expect(driver.stateOf('topic')).toMatchObject({
      status: 'reconnecting',
      error: { code: 'unreachable' },
    });
    expect(watcher).toHaveBeenCalledOnce();
    const published = publish('mine');
    await new MemoryDriver(hub).publish('topic', json.encode('theirs'));
    expect(heard).toEqual([]);
    driver.break({});
    await published;
    expect(heard).toEqual(['theirs', 'mine']);
    expect(states).toEqual(['reconnecting', 'open']);
  });

  test('delay: both ways take longer', async () => {
    vi.useFakeTimers();
    driver.break({ delay: 1_000 });
    const published = publish('late');
    await vi.advanceTimersByTimeAsync(1_999);
    await published;
    expect(heard).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(heard).toEqual(['late']);
  });

  test('refuse: publishes and new subscriptions', async () => {
    driver.break({ refuse: true });
    const refused = { code: 'unauthorized', topic: 'topic' };
    await expect(publish(1)).rejects.toMatchObject(refused);
    await expect(driver.subscribe('topic', () => {})).rejects.toMatchObject(refused);
    driver.break({});
    await publish(2);
    expect(heard).toEqual([2]);
  });

  test('a handler that throws late is reported all the same', async () => {
    const errors: SignalingError[] = [];
    driver.on('error', (error) => errors.push(error));
    await driver.subscribe('topic', () => {
      throw new Error('a mistake');
    });
    driver.break({ cut: true });
    await hub.publish({ topics: ['topic'], data: btoa('1') });
    driver.break({});
    expect(errors).toMatchObject([{ code: 'handler', topic: 'topic' }]);
  });
});
