import { act, render, screen, waitFor } from '@testing-library/react';
import { StrictMode, type ReactNode } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, onTestFinished, test, vi } from 'vitest';
import {
  MemoryDriver,
  MemoryHub,
  SignalingProvider,
  usePresence,
  useTyping,
  type PresenceView,
  type TypingView,
} from '../../src/index.js';
import { logSubscriptions } from './support.js';

interface User {
  name: string;
  color?: string;
}

interface PersonProps {
  name: string | null;
  topic?: string | null;
  onRender?: (view: PresenceView<User>) => void;
}

function Person({ name, topic = 'room', onRender }: PersonProps) {
  const view = usePresence<User>(topic, name === null ? null : { name });
  onRender?.(view);
  const others = view.others.map(({ data }) => [data.name, data.color].filter(Boolean).join(' '));
  return (
    <output aria-label={name ?? 'nobody'}>
      {[view.self?.data.name, view.status, view.error?.code, ...others].filter(Boolean).join(', ')}
    </output>
  );
}

/** A page with a driver of its own. */
function renderPage(hub: MemoryHub, children: ReactNode) {
  const driver = new MemoryDriver(hub);
  onTestFinished(() => driver.destroy());
  const tree = (children: ReactNode) => (
    <StrictMode>
      <SignalingProvider driver={driver}>{children}</SignalingProvider>
    </StrictMode>
  );
  const { rerender, unmount } = render(tree(children));
  return { driver, unmount, rerender: (children: ReactNode) => rerender(tree(children)) };
}

const shows = (label: string, words: string) =>
  waitFor(() => expect(screen.getByRole('status', { name: label }).textContent).toBe(words));

test('two pages in StrictMode see each other once, and who unmounts is gone', async () => {
  const hub = new MemoryHub();
  renderPage(hub, <Person name="Ada" />);
  const bob = renderPage(hub, <Person name="Bob" />);
  await shows('Ada', 'Ada, open, Bob');
  await shows('Bob', 'Bob, open, Ada');
  bob.unmount();
  await shows('Ada', 'Ada, open');
});

test('another topic leaves and joins there; `null` leaves', async () => {
  const hub = new MemoryHub();
  renderPage(hub, <Person name="Ada" />);
  const bob = renderPage(hub, <Person name="Bob" topic={null} />);
  await shows('Bob', 'idle');
  bob.rerender(<Person name="Bob" topic="room" />);
  await shows('Ada', 'Ada, open, Bob');
  bob.rerender(<Person name="Bob" topic="hall" />);
  await shows('Ada', 'Ada, open');
  await shows('Bob', 'Bob, open');
  bob.rerender(<Person name="Bob" topic={null} />);
  await shows('Bob', 'idle');
});

test('a new `me` is told without leaving, and `me` of null only watches', async () => {
  const hub = new MemoryHub();
  const seen: string[] = [];
  const watch = (view: PresenceView<User>) =>
    seen.push(view.others.map(({ data }) => data.name).join());
  const page = renderPage(hub, <Person name={null} onRender={watch} />);
  const bob = renderPage(hub, <Person name="Bob" />);
  await shows('nobody', 'open, Bob');
  seen.length = 0;
  bob.rerender(<Person name="Bobby" />);
  await shows('nobody', 'open, Bobby');
  expect(seen).not.toContain('');
  page.rerender(<Person name="Ada" />);
  await shows('Bobby', 'Bobby, open, Ada');
  page.rerender(<Person name={null} />);
  await shows('Bobby', 'Bobby, open');
});

test('rendering again subscribes nothing anew, keeps `update`, and the view where nothing changed', async () => {
  const hub = new MemoryHub();
  const views: PresenceView<User>[] = [];
  const tree = () => <Person name="Ada" onRender={(view) => views.push(view)} />;
  const page = renderPage(hub, tree());
  renderPage(hub, <Person name="Bob" />);
  await shows('Ada', 'Ada, open, Bob');
  const log = logSubscriptions(page.driver);
  views.splice(0, views.length - 1);
  for (let count = 0; count < 10; count++) page.rerender(tree());
  expect(log).toEqual([]);
  expect(new Set(views).size).toBe(1);
});

test('`update` changes a part of it, for all', async () => {
  const hub = new MemoryHub();
  let view!: PresenceView<User>;
  renderPage(hub, <Person name="Ada" onRender={(latest) => (view = latest)} />);
  renderPage(hub, <Person name="Bob" />);
  await shows('Ada', 'Ada, open, Bob');
  act(() => view.update({ color: 'red' }));
  expect(view.self!.data).toEqual({ name: 'Ada', color: 'red' });
  await shows('Bob', 'Bob, open, Ada red');
});

test('data that is too large is shown as an error; once it fits, it joins', async () => {
  const hub = new MemoryHub();
  const onError = vi.fn();
  const driver = new MemoryDriver(hub);
  onTestFinished(() => driver.destroy());
  const tree = (name: string) => (
    <SignalingProvider driver={driver} onError={onError}>
      <Person name={name} />
    </SignalingProvider>
  );
  const { rerender } = render(tree('x'.repeat(5_000)));
  await waitFor(() => expect(screen.getByRole('status').textContent).toBe('closed, usage'));
  rerender(tree('Ada'));
  await shows('Ada', 'Ada, open');
  rerender(tree('x'.repeat(5_000)));
  await waitFor(() => expect(onError).toHaveBeenCalledOnce());
  expect(onError.mock.calls[0]![0]).toMatchObject({ code: 'usage' });
  expect(screen.getByRole('status').textContent).toBe('Ada, open');
});

test('what is no topic is an error', async () => {
  renderPage(new MemoryHub(), <Person name="Ada" topic="" />);
  await shows('Ada', 'closed, usage');
});

test('on a server nobody is there, and nothing is opened', () => {
  const driver = new MemoryDriver();
  const log = logSubscriptions(driver);
  const html = renderToString(
    <SignalingProvider driver={driver}>
      <Person name="Ada" />
      <Typist name="Ada" onRender={() => {}} />
    </SignalingProvider>,
  );
  expect(html).toContain('idle');
  expect(log).toEqual([]);
});

function Typist(props: {
  name: string;
  topic?: string | null;
  onRender: (view: TypingView<User>) => void;
}) {
  const { name, topic = 'room', onRender } = props;
  const view = useTyping<User>(topic, { name });
  onRender(view);
  return <p>{`${name}: ${view.typing.map(({ data }) => data.name).join()}`}</p>;
}

test('useTyping shows the others who type, with functions that stay the same', async () => {
  const hub = new MemoryHub();
  const views: TypingView<User>[] = [];
  renderPage(hub, <Typist name="Ada" onRender={(view) => views.push(view)} />);
  const bob = renderPage(hub, <Typist name="Bob" onRender={() => {}} />);
  await waitFor(() => expect(hub.connections.size).toBe(2));
  views.splice(0, views.length - 1);
  views.at(-1)!.notify();
  await screen.findByText('Bob: Ada');
  await screen.findByText('Ada:');
  views.at(-1)!.stop();
  await screen.findByText('Bob:');
  expect(new Set(views.map(({ notify }) => notify)).size).toBe(1);
  views.at(-1)!.notify();
  await screen.findByText('Bob: Ada');
  bob.rerender(<Typist name="Bob" topic={null} onRender={() => {}} />);
  await screen.findByText('Bob:');
});
