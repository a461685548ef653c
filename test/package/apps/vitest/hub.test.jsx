import { act, render, screen } from '@testing-library/react';
import { http } from 'msw';
import { setupServer } from 'msw/node';
import { SignalingProvider } from 'react-signaling';
import { inMemoryHub, mswHandlers } from 'react-signaling/testing';
import { test } from 'vitest';
import { Chat } from './Chat.tsx';

const ROOM = 'https://example.com/chat';

test('a hub behind MSW answers the page', async () => {
  const { hub } = inMemoryHub();
  const server = setupServer(...mswHandlers(http, hub));
  server.listen({ onUnhandledRequest: 'error' });
  render(
    <SignalingProvider url="https://hub.example.com/.well-known/mercure" encoding="text">
      <Chat room={ROOM} name="Ana" />
    </SignalingProvider>,
  );
  while (hub.subscribers === 0) await act(() => new Promise((resolve) => setTimeout(resolve, 10)));
  const data = '{"id":"1","name":"Bo","text":"Hello"}';
  await hub.publish({ topics: [ROOM], data });
  await screen.findByText('Hello');
  server.close();
});
