import { render } from '@testing-library/react';
import { StrictMode, useEffect } from 'react';
import { expect, test, vi } from 'vitest';
import {
  json,
  MemoryDriver,
  MemoryHub,
  SignalingProvider,
  text,
  usePublish,
} from '../../src/index.js';

type Publish = ReturnType<typeof usePublish>;

/** What the `json` of everybody on the hub hears. */
async function listen(hub: MemoryHub, topic: string): Promise<unknown[]> {
  const heard: unknown[] = [];
  await new MemoryDriver(hub).subscribe(topic, (data, { type }) =>
    heard.push([json.decode(data), type]),
  );
  return heard;
}

test('publishes a value, with the options of the update', async () => {
  const hub = new MemoryHub();
  const heard = await listen(hub, 'room');
  let publish!: Publish;
  function Sender() {
    publish = usePublish('room');
    return null;
  }
  render(
    <SignalingProvider driver={new MemoryDriver(hub)}>
      <Sender />
    </SignalingProvider>,
  );
  await publish({ sdp: 'v=0' });
  await publish('bye', { type: 'leave' });
  expect(heard).toEqual([
    [{ sdp: 'v=0' }, 'message'],
    ['bye', 'leave'],
  ]);
});

test('the function stays the same until the topic changes', () => {
  const driver = new MemoryDriver();
  const seen = new Set<Publish>();
  function Sender({ topic }: { topic: string }) {
    seen.add(usePublish(topic, { codec: { ...json } }));
    return null;
  }
  const tree = (topic: string) => (
    <SignalingProvider driver={driver}>
      <Sender topic={topic} />
    </SignalingProvider>
  );
  const { rerender } = render(tree('one'));
  rerender(tree('one'));
  expect(seen.size).toBe(1);
  rerender(tree('two'));
  expect(seen.size).toBe(2);
});

test.each([
  ['null', null, 'a'],
  ['empty', '', 'a'],
])('with a topic that is %s it rejects', async (_, topic, value) => {
  let publish!: Publish;
  function Sender() {
    publish = usePublish(topic);
    return null;
  }
  render(
    <SignalingProvider driver={new MemoryDriver()}>
      <Sender />
    </SignalingProvider>,
  );
  await expect(publish(value)).rejects.toMatchObject({ name: 'SignalingError', code: 'usage' });
});

test('what its codec cannot encode rejects', async () => {
  let publishNothing!: () => Promise<void>;
  function Sender() {
    const publish = usePublish('room');
    publishNothing = () => publish(undefined);
    return null;
  }
  render(
    <SignalingProvider driver={new MemoryDriver()}>
      <Sender />
    </SignalingProvider>,
  );
  await expect(publishNothing()).rejects.toMatchObject({ code: 'usage' });
});

test('what is published while unmounting goes out, with the codec of the component', async () => {
  const hub = new MemoryHub();
  const heard: string[] = [];
  await new MemoryDriver(hub).subscribe('room', (data) => heard.push(text.decode(data)));
  function Guest() {
    const publish = usePublish('room', { codec: text });
    useEffect(
      () => () => {
        void publish('leave');
      },
      [publish],
    );
    return null;
  }
  const driver = new MemoryDriver(hub);
  const tree = (present: boolean) => (
    <SignalingProvider driver={driver}>{present && <Guest />}</SignalingProvider>
  );
  const { rerender, unmount } = render(tree(true));
  rerender(tree(false));
  await vi.waitFor(() => expect(heard).toEqual(['leave']));
  rerender(tree(true));
  unmount();
  await vi.waitFor(() => expect(heard).toEqual(['leave', 'leave']));
});

test('what is published in the first effect goes out, in StrictMode too', async () => {
  const hub = new MemoryHub();
  const heard = await listen(hub, 'room');
  function Guest() {
    const publish = usePublish('room');
    useEffect(() => {
      void publish('hello');
    }, [publish]);
    return null;
  }
  render(
    <StrictMode>
      <SignalingProvider driver={new MemoryDriver(hub)}>
        <Guest />
      </SignalingProvider>
    </StrictMode>,
  );
  // StrictMode runs the first effect twice.
  await vi.waitFor(() => expect(heard).toEqual(Array(2).fill(['hello', 'message'])));
});
