import { useEffect } from 'react';
import { expect, onTestFinished, test } from 'vitest';
import { render } from 'vitest-browser-react';
import {
  sealed,
  SignalingProvider,
  SseDriver,
  text,
  usePublish,
  useSignal,
  type Codec,
} from '../../src/index.js';

const room = () => `https://example.com/rooms/${crypto.randomUUID()}`;

interface Seen {
  publish: (value: unknown) => Promise<void>;
  heard: unknown[];
  errors: string[];
}

function Page({ topic, seen }: { topic: string; seen: Seen }) {
  const publish = usePublish(topic);
  useSignal(topic, (value) => seen.heard.push(value));
  const { data, status, error } = useSignal(topic);
  useEffect(() => void Object.assign(seen, { publish }), [seen, publish]);
  return <output>{[JSON.stringify(data), status, error?.code].join(' ')}</output>;
}

/** A page of its own on the hub of this very server, with this codec for everything. */
async function renderPage(topic: string, codec: Codec<any>) {
  const driver = new SseDriver({ retry: { base: 50, max: 200 } });
  const seen = { heard: [], errors: [] } as unknown as Seen;
  const screen = await render(
    <SignalingProvider driver={driver} codec={codec} onError={({ code }) => seen.errors.push(code)}>
      <Page topic={topic} seen={seen} />
    </SignalingProvider>,
  );
  onTestFinished(() => driver.destroy());
  const shown = () => screen.container.textContent;
  await expect.poll(shown).toBe(' open ');
  return { seen, shown };
}

test('all hooks below a provider with a sealed codec share it, and the hub sees none of it', async () => {
  const topic = room();
  const [ada, bob] = [
    await renderPage(topic, sealed({ passphrase: 'correct horse', salt: topic })),
    await renderPage(topic, sealed({ passphrase: 'correct horse', salt: topic })),
  ];
  const wire: string[] = [];
  const hub = new SseDriver({ encoding: 'base64' });
  onTestFinished(() => hub.destroy());
  await hub.subscribe(topic, (bytes) => wire.push(String.fromCharCode(...bytes)));
  await ada.seen.publish({ hello: 'world' });
  for (const { seen, shown } of [ada, bob]) {
    await expect.poll(shown).toBe('{"hello":"world"} open ');
    expect(seen.heard).toEqual([{ hello: 'world' }]);
    expect(seen.errors).toEqual([]);
  }
  await expect.poll(() => wire.length).toBe(1);
  expect(wire[0]).not.toContain('world');
});

test('another secret is an error of its own, and so is no seal at all', async () => {
  const topic = room();
  const ada = await renderPage(topic, sealed(new Uint8Array(16).fill(1)));
  const eve = await renderPage(topic, sealed(new Uint8Array(16).fill(2)));
  const plain = await renderPage(topic, text);
  await eve.seen.publish('hello');
  await expect.poll(ada.shown).toBe(' open secret');
  await plain.seen.publish('hello');
  await expect.poll(ada.shown).toBe(' open decode');
  await expect.poll(() => ada.seen.errors).toEqual(['secret', 'decode']);
  expect(ada.seen.heard).toEqual([]);
});
