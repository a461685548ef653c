import { jest } from '@jest/globals';
import { act, fireEvent, render, screen, within } from '@testing-library/react';
import { createElement } from 'react';
import { SignalingProvider } from 'react-signaling';
import { createTestSignaling, MemoryDriver } from 'react-signaling/testing';
import { Chat } from './Chat.js';

const ROOM = 'https://example.com/chat';

let signaling;
let ana;

const open = async (name, driver) => {
  const chat = createElement(Chat, { room: ROOM, name });
  const provider = createElement(SignalingProvider, { driver }, chat);
  const { container } = await act(async () => render(provider));
  return within(container);
};

beforeEach(async () => {
  signaling = createTestSignaling();
  ana = await open('Ana', signaling.driver);
});

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
  jest.useFakeTimers();
  signaling.delay(ROOM, 5_000);
  send('Hi');
  await act(() => jest.advanceTimersByTimeAsync(6_000));
  screen.getByText('Hi');
  jest.useRealTimers();
});
