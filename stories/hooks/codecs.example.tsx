import { useState } from 'react';
import { text, usePublish, useSignal, type Schema } from 'react-signaling';

const topic = 'https://example.com/temperatures';

/** Of Zod this is `z.number().max(60)`; any Standard Schema will do. */
const celsius: Schema<number> = {
  '~standard': {
    version: 1,
    vendor: 'example',
    validate: (value) =>
      typeof value === 'number' && value < 60
        ? { value }
        : { issues: [{ message: 'That is no temperature of this planet.' }] },
  },
};

export function Thermometer() {
  const { data, error } = useSignal(topic, { schema: celsius });
  const publish = usePublish<number>(topic);
  const [note, setNote] = useState('');
  const write = usePublish<string>('https://example.com/notes', { codec: text });
  useSignal<string>('https://example.com/notes', setNote, { codec: text });
  return (
    <>
      <button onClick={() => void publish(21)}>21 °C</button>
      <button onClick={() => void publish(210)}>210 °C</button>
      <p role="status">{error?.message ?? `${data ?? 'No'} °C`}</p>
      <button onClick={() => void write('Plain text, no JSON')}>Write a note</button>
      <p>{note}</p>
    </>
  );
}
