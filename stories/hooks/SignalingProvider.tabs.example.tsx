import {
  SignalingProvider,
  TabsDriver,
  useConnection,
  usePublish,
  useSignal,
} from 'react-signaling';

// Outside of the component, so that it is made once.
const driver = new TabsDriver();

export function App() {
  return (
    <SignalingProvider driver={driver}>
      <Greeting />
    </SignalingProvider>
  );
}

function Greeting() {
  const { data } = useSignal<string>('https://example.com/tabs');
  const publish = usePublish<string>('https://example.com/tabs');
  const { status } = useConnection();
  return (
    <>
      <button onClick={() => void publish(new Date().toLocaleTimeString())}>Greet all tabs</button>
      <p role="status">
        {status}: {data ?? 'no greeting yet'}
      </p>
    </>
  );
}
