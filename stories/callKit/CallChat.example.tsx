import { useCallMessages, type CallView } from 'react-signaling';
import { CallChat } from 'react-signaling/components';
import 'react-signaling/components.css';

/** `call` is what `useCall` returns. */
export function Chat({ call }: { call: CallView }) {
  const { messages, send } = useCallMessages<string>(call, 'chat');
  return (
    <div style={{ height: '24rem' }}>
      <CallChat messages={messages} send={send} />
    </div>
  );
}
