import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { SignalingProvider } from 'react-signaling';
import { ConnectionStatus } from 'react-signaling/components';
import 'react-signaling/components.css';
import { Editor } from './Editor.js';

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <SignalingProvider>
      <Editor topic="https://example.com/documents/1" />
      <ConnectionStatus />
    </SignalingProvider>
  </StrictMode>,
);
