import { render, screen, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, expect, test, vi } from 'vitest';
import {
  MemoryDriver,
  SignalingProvider,
  useConnection,
  useSignal,
  useSignals,
  type Driver,
} from '../../src/index.js';
import { openHub, publish } from './support.js';

function App() {
  const { data, status } = useSignal<number>('room');
  const connection = useConnection();
  return <output>{`${data} ${status} ${connection.status}`}</output>;
}

/** Hydrates `tree` where a server has rendered `onServer`; returns what React complained of. */
function hydrate(tree: ReactNode, onServer = tree): unknown[] {
  const complaints: unknown[] = [];
  vi.spyOn(console, 'error').mockImplementation((...complaint) => complaints.push(complaint));
  const container = document.createElement('div');
  container.innerHTML = renderToString(onServer);
  expect(container.textContent).toBe('undefined idle idle');
  document.body.append(container);
  const onRecoverableError = (error: unknown) => complaints.push(error);
  render(tree, { container, hydrate: true, onRecoverableError });
  return complaints;
}

const shows = (text: string) =>
  waitFor(() => expect(screen.getByRole('status').textContent).toBe(text), { timeout: 3_000 });

afterEach(() => {
  vi.restoreAllMocks();
  document.body.innerHTML = '';
});

test('what a server rendered is hydrated without a complaint, and comes alive', async () => {
  const { url, hub } = await openHub();
  const complaints = hydrate(
    <SignalingProvider url={url}>
      <App />
    </SignalingProvider>,
  );
  await shows('undefined open open');
  hub.publish({ topics: ['room'], data: btoa('1') });
  await shows('1 open open');
  expect(complaints).toEqual([]);
});

test('a driver that is open before hydration makes no difference', async () => {
  const tree = (driver: Driver) => (
    <SignalingProvider driver={driver}>
      <App />
    </SignalingProvider>
  );
  const driver = new MemoryDriver();
  await driver.subscribe('elsewhere', () => {});
  expect(driver.active).toBe(true);
  const complaints = hydrate(tree(driver), tree(new MemoryDriver()));
  await publish(driver, 'room', 1);
  await shows('1 open open');
  expect(complaints).toEqual([]);
});

test('what was published between rendering and hydration is listed, and nothing else is drawn anew', async () => {
  const { url, hub } = await openHub();
  const add = (id: string) =>
    hub.publish({ topics: ['room'], data: btoa(JSON.stringify(id)), id: `urn:${id}` });
  await add('one');
  function List() {
    const { signals } = useSignals<string>('room', { since: 'urn:one' });
    return ['one', ...signals].map((text) => <p key={text}>{text}</p>);
  }
  const tree = (
    <SignalingProvider url={url}>
      <List />
    </SignalingProvider>
  );
  const container = document.createElement('div');
  container.innerHTML = renderToString(tree);
  document.body.append(container);
  const drawn = container.querySelector('p');
  await add('two');
  const complaints: unknown[] = [];
  render(tree, { container, hydrate: true, onRecoverableError: (error) => complaints.push(error) });
  await waitFor(() => expect(container.textContent).toBe('onetwo'), { timeout: 3_000 });
  await add('three');
  await waitFor(() => expect(container.textContent).toBe('onetwothree'), { timeout: 3_000 });
  expect(container.querySelector('p')).toBe(drawn);
  expect(complaints).toEqual([]);
});
