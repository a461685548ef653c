/** @jest-environment jest-fixed-jsdom */
import { render, screen, waitFor } from '@testing-library/react';
import { createElement } from 'react';
import { SignalingProvider } from 'react-signaling';
import { inMemoryHub } from 'react-signaling/testing';
import { Chat } from './Chat.js';

const ROOM = 'https://example.com/chat';

test('an in-memory hub streams to the page, in a jsdom that has Node’s fetch', async () => {
  const { hub, url, fetch, close } = inMemoryHub();
  const chat = createElement(Chat, { room: ROOM, name: 'Ana' });
  const { unmount } = render(
    createElement(SignalingProvider, { url, fetch, encoding: 'text' }, chat),
  );
  await waitFor(() => expect(hub.subscribers).toBeGreaterThan(0));
  const data = '{"id":"1","name":"Bo","text":"Hello"}';
  await hub.publish({ topics: [ROOM], data });
  await screen.findByText('Hello');
  unmount();
  await close();
});
