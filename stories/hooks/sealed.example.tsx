import { bytes, sealed, usePublish, useSignal } from 'react-signaling';

const topic = 'https://example.com/secrets';
const codec = sealed({ passphrase: 'correct horse battery staple', salt: 'example.com' });

export function Secret() {
  const publish = usePublish<string>(topic, { codec });
  const { data, error } = useSignal<string>(topic, { codec });
  const { data: onTheHub } = useSignal<Uint8Array>(topic, { codec: bytes });
  return (
    <>
      <button onClick={() => void publish('The treasure is under the oak.')}>Publish</button>
      <p role="status">{error?.message ?? data ?? 'Nothing yet.'}</p>
      <p>The hub sees {onTheHub ? `${onTheHub.length} bytes, such as ${toHex(onTheHub)}` : ''} …</p>
    </>
  );
}

function toHex(bytes: Uint8Array): string {
  return [...bytes.slice(-8)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
