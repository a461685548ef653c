import { createRoot } from 'react-dom/client';
import { inspect, SignalingDevtools } from '../../src/devtools/index.js';
import { json, MemoryDriver, MemoryHub, type Driver } from '../../src/driver/index.js';
import { encodeBase64 } from '../../src/mercure/index.js';

type Watched = 'no devtools' | 'inspected, panel closed' | 'inspected, panel open';

const WATCHED: Watched[] = ['no devtools', 'inspected, panel closed', 'inspected, panel open'];
const TOPIC = 'https://example.com/benchmark';
const DATA = encodeBase64(json.encode({ text: 'x'.repeat(200) }));
/** How many signals come in one task. */
const BURST = 100;

const nextTask = () =>
  new Promise<void>((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => resolve());
    port1.start();
    port2.postMessage(undefined);
  });

/** A page that listens, watched or not. */
async function open(watched: Watched) {
  const hub = new MemoryHub();
  const plain = new MemoryDriver(hub);
  const root = createRoot(document.getElementById('root')!);
  let driver: Driver = plain;
  if (watched !== 'no devtools') {
    const inspected = inspect(plain);
    driver = inspected;
    root.render(
      <SignalingDevtools driver={inspected} initialOpen={watched === 'inspected, panel open'} />,
    );
  }
  let heard = 0;
  await driver.subscribe(TOPIC, (bytes) => {
    json.decode(bytes);
    heard++;
  });
  const burst = () =>
    Promise.all(Array.from({ length: BURST }, () => hub.publish({ topics: [TOPIC], data: DATA })));
  const close = () => {
    root.unmount();
    driver.destroy();
  };
  return { burst, heard: () => heard, close };
}

/** Signals a second, as many as the page takes. */
async function throughput(watched: Watched, count: number): Promise<number> {
  const { burst, heard, close } = await open(watched);
  const begun = performance.now();
  while (heard() < count) {
    await burst();
    await nextTask();
  }
  const took = performance.now() - begun;
  close();
  return (heard() / took) * 1_000;
}

/** Frames a second while 10,000 signals a second arrive. */
async function frames(watched: Watched, milliseconds: number): Promise<number> {
  const { burst, heard, close } = await open(watched);
  const begun = performance.now();
  let shown = 0;
  let isOver = false;
  const count = () => {
    shown++;
    if (!isOver) requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
  while (performance.now() - begun < milliseconds) {
    while (heard() < (performance.now() - begun) * 10) await burst();
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
  isOver = true;
  close();
  return (shown / (performance.now() - begun)) * 1_000;
}

const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;

/** Rounds in turn, so that what else the machine does hits all of them. */
async function compare(measure: (watched: Watched) => Promise<number>, rounds: number) {
  const measured = new Map(WATCHED.map((watched) => [watched, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const watched of WATCHED) measured.get(watched)!.push(await measure(watched));
  }
  const plain = median(measured.get('no devtools')!);
  return Object.fromEntries(
    WATCHED.map((watched) => {
      const value = median(measured.get(watched)!);
      return [watched, { perSecond: Math.round(value), ratio: Number((value / plain).toFixed(2)) }];
    }),
  );
}

Object.assign(globalThis, {
  benchmarks: {
    throughput: (count: number, rounds: number) =>
      compare((watched) => throughput(watched, count), rounds),
    frames: (milliseconds: number, rounds: number) =>
      compare((watched) => frames(watched, milliseconds), rounds),
  },
});
