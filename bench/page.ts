import { fetchEventSource } from '@microsoft/fetch-event-source';
import { readChunks } from '../src/driver/connection/readChunks.js';
import { SseDriver } from '../src/driver/index.js';
import { decodeBase64 } from '../src/mercure/index.js';

/** Receives a stream of `count` updates of so many lines each; how long that took, in ms. */
type Receive = (url: string, count: number, lines: number) => Promise<number>;

/** Runs `start`, which calls `heard` for every update. */
function time(count: number, start: (heard: () => void) => () => void): Promise<number> {
  return new Promise((resolve) => {
    const begun = performance.now();
    let left = count;
    const stop = start(() => {
      if (--left > 0) return;
      const took = performance.now() - begun;
      // Not before `stop` is there.
      setTimeout(() => {
        stop();
        resolve(took);
      });
    });
  });
}

function toBytes(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

const receivers: Record<string, Receive> = {
  'native EventSource': (url, count) =>
    time(count, (heard) => {
      const source = new EventSource(url);
      source.addEventListener('message', heard);
      return () => source.close();
    }),

  'native EventSource, decoded': (url, count) =>
    time(count, (heard) => {
      const source = new EventSource(url);
      source.addEventListener('message', ({ data }) => {
        toBytes(data as string);
        heard();
      });
      return () => source.close();
    }),

  '@microsoft/fetch-event-source': (url, count) =>
    time(count, (heard) => {
      const controller = new AbortController();
      void fetchEventSource(url, {
        signal: controller.signal,
        openWhenHidden: true,
        onmessage: ({ data }) => data && heard(),
      });
      return () => controller.abort();
    }),

  'react-signaling, decoded': (url, count) =>
    time(count, (heard) => {
      const driver = new SseDriver({ url });
      void driver.subscribe('replayed', heard);
      return () => driver.destroy();
    }),

  // What the platform takes for each update, at the least: no field but this one, no checks, no event.
  'lines of bytes, decoded alone': (url, count) =>
    time(count, (heard) => {
      const controller = new AbortController();
      void (async () => {
        const { body } = await fetch(url, { signal: controller.signal });
        const decoder = new TextDecoder();
        let rest = '';
        for await (const chunk of readChunks(body!, controller.signal)) {
          const lines = (rest + decoder.decode(chunk)).split('\n');
          rest = lines.pop()!;
          for (const line of lines) {
            if (!line.startsWith('data: ')) continue;
            decodeBase64(line.slice(6));
            heard();
          }
        }
      })().catch(() => {});
      return () => controller.abort();
    }),

  'bytes, read and counted': (url, count, lines) =>
    time(count, (heard) => {
      const controller = new AbortController();
      void (async () => {
        const { body } = await fetch(url, { signal: controller.signal });
        const reader = body!.getReader();
        let lineFeeds = 0;
        for (;;) {
          const { value = new Uint8Array() } = await reader.read();
          for (let at = value.indexOf(10); at >= 0; at = value.indexOf(10, at + 1)) {
            if (++lineFeeds % lines === 0) heard();
          }
        }
      })().catch(() => {});
      return () => controller.abort();
    }),
};

/** From publishing to the handler, in ms: one after the other, `count` times. */
const latencies: Record<string, (hub: string, topic: string, count: number) => Promise<number[]>> =
  {
    async 'native EventSource and fetch'(hub, topic, count) {
      const url = new URL(hub, location.href);
      url.searchParams.set('topic', topic);
      const source = new EventSource(url);
      await new Promise((resolve) => source.addEventListener('open', resolve));
      let heard: (data: Uint8Array) => void = () => {};
      source.addEventListener('message', ({ data }) => heard(toBytes(data as string)));
      const took = await oneByOne(
        count,
        (listener) => (heard = listener),
        () =>
          fetch(hub, { method: 'POST', body: new URLSearchParams({ topic, data: PAYLOAD_TEXT }) }),
      );
      source.close();
      return took;
    },
    async 'react-signaling'(hub, topic, count) {
      const driver = new SseDriver({ url: hub });
      let heard: (data: Uint8Array) => void = () => {};
      await driver.subscribe(topic, (data) => heard(data));
      const took = await oneByOne(
        count,
        (listener) => (heard = listener),
        () => driver.publish(topic, PAYLOAD),
      );
      driver.destroy();
      return took;
    },
  };

const PAYLOAD = crypto.getRandomValues(new Uint8Array(1_300));
const PAYLOAD_TEXT = btoa(String.fromCharCode(...PAYLOAD));

async function oneByOne(
  count: number,
  listen: (heard: (data: Uint8Array) => void) => void,
  publish: () => Promise<unknown>,
): Promise<number[]> {
  const took: number[] = [];
  for (let index = 0; index < count; index++) {
    const begun = performance.now();
    const arrived = new Promise((resolve) => listen(resolve));
    const taken = publish();
    await arrived;
    took.push(performance.now() - begun);
    await taken;
  }
  return took;
}

/** One client: how long it took, in ms, and how that compares with the first one. */
type Row = { ms: number; ratio: number };

/**
 * Measures all clients in turn, round by round, so that a machine that changes its pace is fair to
 * all, and takes the median of the rounds.
 */
async function compare(
  clients: Record<string, () => Promise<number>>,
  rounds: number,
): Promise<Record<string, Row>> {
  const times: Record<string, number[]> = {};
  for (let round = 0; round <= rounds; round++) {
    for (const [name, measure] of Object.entries(clients)) {
      const ms = await measure();
      // The first round warms up.
      if (round > 0) (times[name] ??= []).push(ms);
    }
  }
  const base = median(Object.values(times)[0]!);
  const rows = Object.entries(times).map(([name, all]): [string, Row] => {
    const ms = median(all);
    return [name, { ms: Number(ms.toFixed(2)), ratio: Number((ms / base).toFixed(3)) }];
  });
  return Object.fromEntries(rows);
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function bind<Args extends unknown[], Result>(
  clients: Record<string, (...args: Args) => Result>,
  ...args: Args
): Record<string, () => Result> {
  return Object.fromEntries(
    Object.entries(clients).map(([name, client]) => [name, () => client(...args)]),
  );
}

const benchmarks = {
  receiving: (url: string, count: number, lines: number, rounds: number) =>
    compare(bind(receivers, url, count, lines), rounds),
  latency: (hub: string, count: number, rounds: number) =>
    compare(
      bind(
        Object.fromEntries(
          Object.entries(latencies).map(([name, measure]) => [
            name,
            async (...args: Parameters<typeof measure>) => median(await measure(...args)),
          ]),
        ),
        hub,
        'live',
        count,
      ),
      rounds,
    ),
};

/** Who has not answered after this many ms does not answer. */
const PATIENCE = 5_000;

const after = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const topicsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => `https://example.com/topics/${index}`);

/** How many topics can be opened at once, over HTTP/1.1, and whether there is a way left to publish. */
const manyTopics = {
  async 'react-signaling'(hub: string, count: number) {
    const driver = new SseDriver({ url: hub });
    const begun = performance.now();
    const heard = new Set<string>();
    const topics = topicsOf(count);
    await Promise.all(
      topics.map((topic) => driver.subscribe(topic, (_, event) => heard.add(event.topic!))),
    );
    const subscribed = performance.now();
    await driver.publish(topics.at(-1)!, PAYLOAD);
    const published = performance.now();
    return {
      topics: count,
      open: count,
      'all open after (ms)': Math.round(subscribed - begun),
      'publish (ms)': Math.round(published - subscribed),
      end: () => driver.destroy(),
    };
  },

  async 'native EventSource'(hub: string, count: number) {
    let open = 0;
    const sources = topicsOf(count).map((topic) => {
      const url = new URL(hub, location.href);
      url.searchParams.set('topic', topic);
      const source = new EventSource(url);
      source.addEventListener('open', () => open++);
      return source;
    });
    await after(PATIENCE);
    const body = new URLSearchParams({ topic: topicsOf(count)[0]!, data: PAYLOAD_TEXT });
    const signal = AbortSignal.timeout(PATIENCE);
    const begun = performance.now();
    const publish = await fetch(hub, { method: 'POST', body, signal }).then(
      () => Math.round(performance.now() - begun),
      () => 'hangs',
    );
    return {
      topics: count,
      open,
      'all open after (ms)': 'never',
      'publish (ms)': publish,
      end: () => sources.forEach((source) => source.close()),
    };
  },
};

/**
 * Half of the topics stay, the other half comes and goes, while somebody numbers what is sent on
 * each. Whoever listens must hear every number once and in order from the first one on.
 */
async function churn(hub: string, count: number, seconds: number) {
  const driver = new SseDriver({ url: hub });
  const topics = topicsOf(count);
  const faults: string[] = [];
  const leave = new Map<string, () => void>();
  let heard = 0;
  let changes = 0;

  function listen(topic: string): Promise<void> {
    let last: number | undefined;
    const handler = (data: Uint8Array) => {
      const number = Number(new TextDecoder().decode(data));
      if (last !== undefined && number !== last + 1) faults.push(`${topic}: ${last}, ${number}`);
      last = number;
      heard++;
    };
    leave.set(topic, () => void driver.unsubscribe(topic, handler));
    return driver.subscribe(topic, handler);
  }

  await Promise.all(topics.map(listen));
  const until = performance.now() + seconds * 1_000;
  while (performance.now() < until) {
    const topic = topics[Math.floor((Math.random() * count) / 2)]!;
    const away = leave.get(topic);
    if (away) {
      away();
      leave.delete(topic);
    } else {
      await listen(topic);
    }
    changes++;
    await after(50);
  }
  driver.destroy();
  return { seconds, topics: count, changes, heard, 'lost, doubled or out of order': faults.length };
}

/** Keeps what it opened until the next call, so that its memory can be looked at. */
let endLast = (): void => {};

const demonstrations = {
  async manyTopics(client: keyof typeof manyTopics, hub: string, count: number) {
    const { end, ...row } = await manyTopics[client](hub, count);
    endLast = end;
    return row;
  },
  end: () => endLast(),
  churn,
};

Object.assign(globalThis, { benchmarks, demonstrations });
