import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { SignalingProvider } from 'react-signaling';
import { ConnectionStatus } from 'react-signaling/components';
import 'react-signaling/components.css';
import { Chat } from './Chat';

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <SignalingProvider>
      <h1>Chat</h1>
      <Chat />
      <ConnectionStatus />
    </SignalingProvider>
  </StrictMode>,
);
