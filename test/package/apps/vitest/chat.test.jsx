import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { SignalingProvider } from 'react-signaling';
import { createTestSignaling, MemoryDriver } from 'react-signaling/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Chat } from './Chat.tsx';

const ROOM = 'https://example.com/chat';

let signaling;
let ana;

const open = async (name, driver) => {
  const chat = <Chat room={ROOM} name={name} />;
  const provider = <SignalingProvider driver={driver}>{chat}</SignalingProvider>;
  const { container } = await act(async () => render(provider));
  return within(container);
};

beforeEach(async () => {
  signaling = createTestSignaling();
  ana = await open('Ana', signaling.driver);
});

afterEach(cleanup);

const write = (page, value) =>
  fireEvent.change(page.getByRole('textbox', { name: 'Message' }), { target: { value } });

const send = (text) => {
  write(ana, text);
  fireEvent.submit(ana.getByRole('textbox', { name: 'Message' }));
};

test('shows what others write', async () => {
  await act(() => signaling.signal(ROOM, { id: '1', name: 'Bo', text: 'Hello' }));
  await screen.findByText('Hello');
});

test('publishes what one writes, and shows it', async () => {
  send('Hi');
  expect(await signaling.published(ROOM)).toMatchObject({ name: 'Ana', text: 'Hi' });
  await screen.findByText('Hi');
});

test('shows who is here, and who is typing', async () => {
  const bo = await open('Bo', new MemoryDriver(signaling));
  await ana.findByText('Here with you: Bo');
  write(bo, 'Hi');
  await ana.findByText('Bo typing …');
});

test('says what the hub does not take, and keeps it', async () => {
  signaling.refuse(ROOM, undefined, { only: 'publish' });
  send('Hi');
  await screen.findByRole('alert');
  screen.getByDisplayValue('Hi');
});

test('sends what was written offline once the hub is back', async () => {
  await act(() => signaling.disconnect());
  send('Hi');
  expect(screen.queryByText('Hi')).toBeNull();
  await act(async () => signaling.connect());
  await screen.findByText('Hi');
});

test('works with fake timers', async () => {
  vi.useFakeTimers();
  signaling.delay(ROOM, 5_000);
  send('Hi');
  await act(() => vi.advanceTimersByTimeAsync(6_000));
  screen.getByText('Hi');
  vi.useRealTimers();
});
