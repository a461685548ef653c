import { useState } from 'react';
import { useTyping } from 'react-signaling';

const topic = 'https://example.com/draft/typing';

export function Draft({ name }: { name: string }) {
  const [text, setText] = useState('');
  const { typing, notify, stop } = useTyping(topic, { name });
  const change = (text: string) => {
    setText(text);
    if (text) notify();
    else stop();
  };
  return (
    <>
      <label>
        Draft
        <input value={text} onChange={(event) => change(event.target.value)} />
      </label>
      <button onClick={() => change('')}>Clear</button>
      <p role="status">{typing.map(({ data }) => `${data.name} is typing …`).join(' ')}</p>
    </>
  );
}
