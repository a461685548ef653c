import { useState } from 'react';
import { useSignal } from 'react-signaling';

export function Muted() {
  const [listening, setListening] = useState(false);
  const { status } = useSignal(listening ? 'https://example.com/not-now' : null);
  return (
    <label>
      <input
        type="checkbox"
        checked={listening}
        onChange={(event) => setListening(event.target.checked)}
      />
      Listen ({status})
    </label>
  );
}
