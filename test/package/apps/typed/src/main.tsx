import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { SignalingProvider, useConnection, usePublish, useSignal } from 'react-signaling';
import { VideoCall } from 'react-signaling/components';
import 'react-signaling/components.css';

interface Greeting {
  text: string;
}

function Greetings() {
  const { data } = useSignal<Greeting>('greetings');
  const publish = usePublish<Greeting>('greetings');
  const { status } = useConnection();
  return (
    <button title={status} onClick={() => publish({ text: 'hello' })}>
      {data?.text ?? 'nothing yet'}
    </button>
  );
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <SignalingProvider publisher={{ headers: { Authorization: 'Bearer token' } }}>
      <Greetings />
      <VideoCall room="consumers" name="Ada" />
    </SignalingProvider>
  </StrictMode>,
);
