import { Profiler, StrictMode, type ReactNode } from 'react';
import { expect, onTestFinished, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { json, SignalingProvider, SseDriver, useSignal } from '../../src/index.js';

const BURST = Array.from({ length: 1_000 }, (_, number) => number);

function Latest({ topic, label }: { topic: string; label: string }) {
  const { data, status } = useSignal<number>(topic);
  return <output aria-label={label}>{`${data} ${status}`}</output>;
}

function Listener({ topic, heard }: { topic: string; heard: unknown[] }) {
  useSignal(topic, (value) => heard.push(value));
  return null;
}

/** A network that can stall: what the hub has sent meanwhile comes at once, in one burst. */
function stallableFetch() {
  let flowing = Promise.resolve();
  let flow = (): void => {};
  let streams = 0;
  const stallable: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    if (init?.method !== 'GET') return response;
    streams++;
    const gate = new TransformStream<Uint8Array, Uint8Array>(
      { transform: (chunk, stream) => flowing.then(() => stream.enqueue(chunk)) },
      { highWaterMark: Infinity },
    );
    return new Response(response.body!.pipeThrough(gate), response);
  };
  return {
    fetch: stallable,
    streams: () => streams,
    stall: () => {
      flowing = new Promise((resolve) => {
        flow = resolve;
      });
    },
    flow: () => flow(),
  };
}

/** Somebody else, on the same hub: the one inside the server of this page. */
function openPublisher(): (topic: string, values: number[]) => Promise<void> {
  const driver = new SseDriver();
  onTestFinished(() => driver.destroy());
  return async (topic, values) => {
    await Promise.all(values.map((value) => driver.publish(topic, json.encode(value))));
  };
}

async function renderHere(tree: ReactNode): Promise<void> {
  const screen = await render(tree);
  onTestFinished(() => screen.unmount());
}

async function shows(label: string, text: string): Promise<void> {
  const output = page.getByLabelText(label, { exact: true });
  await expect.element(output, { timeout: 20_000 }).toHaveTextContent(text);
}

test(
  'a burst of 1,000 over the hub is at most 2 commits, and each one reaches the handler',
  { timeout: 60_000 },
  async () => {
    const [busy, quiet] = [crypto.randomUUID(), crypto.randomUUID()];
    const network = stallableFetch();
    const publish = openPublisher();
    const heard: unknown[] = [];
    const commits = { listener: 0, busy: 0, quiet: 0 };
    const count = (id: string) => commits[id as keyof typeof commits]++;
    await renderHere(
      <SignalingProvider fetch={network.fetch}>
        <Profiler id="listener" onRender={count}>
          <Listener topic={busy} heard={heard} />
        </Profiler>
        <Profiler id="busy" onRender={count}>
          <Latest topic={busy} label="busy" />
        </Profiler>
        <Profiler id="quiet" onRender={count}>
          <Latest topic={quiet} label="quiet" />
        </Profiler>
      </SignalingProvider>,
    );
    await shows('busy', 'undefined open');
    await shows('quiet', 'undefined open');

    const before = { ...commits };
    network.stall();
    await publish(busy, BURST);
    network.flow();
    await shows('busy', `${BURST.at(-1)} open`);
    expect(heard).toEqual(BURST);
    expect(commits.busy - before.busy).toBeLessThanOrEqual(2);
    expect(commits.listener).toBe(before.listener);
    expect(commits.quiet).toBe(before.quiet);
  },
);

test('in StrictMode it opens one stream and hears once', async () => {
  const topic = crypto.randomUUID();
  const network = stallableFetch();
  const publish = openPublisher();
  const heard: unknown[] = [];
  await renderHere(
    <StrictMode>
      <SignalingProvider fetch={network.fetch}>
        <Listener topic={topic} heard={heard} />
        <Latest topic={topic} label="latest" />
      </SignalingProvider>
    </StrictMode>,
  );
  await shows('latest', 'undefined open');
  await publish(topic, [1, 2]);
  await shows('latest', '2 open');
  expect(heard).toEqual([1, 2]);
  expect(network.streams()).toBe(1);
});
