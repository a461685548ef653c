// @vitest-environment node
import { afterEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import { connectDoc } from '../../examples/yjs/src/connectDoc.js';
import { MemoryDriver, MemoryHub, SseDriver, type Driver } from '../../src/driver/index.js';
import { startHub } from '../../src/testing/index.js';
import { FaultProxy } from '../servers/faultProxy.js';

const TOPIC = 'https://example.com/documents/1';
const EDITS = 1_000;

const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

function connect(driver: Driver, doc = new Y.Doc()): Y.Doc {
  const disconnect = connectDoc(driver, TOPIC, doc);
  undo.push(() => {
    disconnect();
    driver.destroy();
  });
  return doc;
}

/** What others see of a document: a text, and a mark for each edit. */
const read = (doc: Y.Doc) => ({
  text: doc.getText().toString(),
  marks: doc.getMap('marks').toJSON(),
});

it(`two documents are the same after ${EDITS} edits, through streams that break and lost requests`, async () => {
  const hub = await startHub();
  undo.push(() => hub.close());
  const proxy = await FaultProxy.start(hub.url, Math.floor(Math.random() * 1e6));
  undo.push(() => proxy.close());
  const open = () => connect(new SseDriver({ url: proxy.url, retry: { base: 20, max: 100 } }));
  const docs = [open(), open()];

  let faults = 0;
  proxy.decide = ({ method }) => {
    if (method !== 'POST') return undefined;
    const kind = (['reset', 'lose'] as const)[proxy.random.between(0, 5)];
    if (kind) faults++;
    return kind && { kind };
  };
  for (let edit = 0; edit < EDITS; edit++) {
    const doc = docs[edit % 2]!;
    const text = doc.getText();
    doc.transact(() => {
      text.insert(proxy.random.between(0, text.length), String(edit));
      if (edit % 3 === 0) text.delete(proxy.random.between(0, text.length - 1), 1);
      doc.getMap('marks').set(String(edit), true);
    });
    if (edit % 100 === 0) {
      for (const stream of proxy.streams)
        stream[proxy.random.oneOf(['reset', 'endWithinUpdate'] as const)]();
      faults++;
    }
    if (edit % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  proxy.decide = () => undefined;

  const counts = () => docs.map((doc) => doc.getMap('marks').size);
  await expect.poll(counts).toEqual([EDITS, EDITS]);
  await expect.poll(() => new Set(docs.map((doc) => doc.getText().toString())).size).toBe(1);
  expect(read(docs[0]!)).toEqual(read(docs[1]!));
  expect(faults).toBeGreaterThan(10);
}, 60_000);

it('who comes later gets what is there, and brings what it has', async () => {
  const hub = new MemoryHub();
  const first = connect(new MemoryDriver(hub));
  first.getMap('marks').set('first', true);
  const later = new Y.Doc();
  later.getMap('marks').set('later', true);
  connect(new MemoryDriver(hub), later);
  const both = { first: true, later: true };
  await expect.poll(() => read(first).marks).toEqual(both);
  await expect.poll(() => read(later).marks).toEqual(both);
});

it('what the hub did not take goes out when it is back', async () => {
  const hub = new MemoryHub();
  const [here, there] = [new MemoryDriver(hub, { timeout: 10 }), new MemoryDriver(hub)];
  const docs = [connect(here), connect(there)] as const;
  await expect.poll(() => here.active && there.active).toBe(true);
  hub.disconnect();
  docs[0].getMap('marks').set('away', true);
  await expect.poll(() => here.connection.queued).toBe(0);
  hub.connect();
  await expect.poll(() => read(docs[1]).marks).toEqual({ away: true });
});

it('nothing is applied or sent after its end', async () => {
  const hub = new MemoryHub();
  const [one, other] = [new MemoryDriver(hub), new MemoryDriver(hub)];
  const doc = new Y.Doc();
  const disconnect = connectDoc(one, TOPIC, doc);
  const there = connect(other);
  await expect.poll(() => one.active && other.active).toBe(true);
  disconnect();
  doc.getMap('marks').set('here', true);
  there.getMap('marks').set('there', true);
  await expect.poll(() => one.connection.queued + other.connection.queued).toBe(0);
  expect(read(doc).marks).toEqual({ here: true });
  expect(read(there).marks).toEqual({ there: true });
  one.destroy();
});
