import { sealed, usePublish, useSignal } from 'react-signaling';

const topic = 'https://example.com/other-secrets';
const ours = sealed({ passphrase: 'correct horse battery staple', salt: 'example.com' });
const theirs = sealed({ passphrase: 'Tr0ub4dor&3', salt: 'example.com' });

export function OtherSecret() {
  const publish = usePublish<string>(topic, { codec: theirs });
  const { data, error } = useSignal<string>(topic, { codec: ours });
  return (
    <>
      <button onClick={() => void publish('Hello')}>Publish with another secret</button>
      <p role="status">{error ? `${error.code}: ${error.message}` : (data ?? 'Nothing yet.')}</p>
    </>
  );
}
