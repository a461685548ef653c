'use client';

import { useState, type FormEvent } from 'react';
import { usePublish, useSignal } from 'react-signaling';

interface Message {
  id: string;
  text: string;
}

export function Chat({ topic }: { topic: string }) {
  const [messages, setMessages] = useState<Message[]>([]);
  const [text, setText] = useState('');
  const publish = usePublish<Message>(topic);
  // The hub sends everything to everybody, so the own messages come this way too.
  useSignal<Message>(topic, (message) => setMessages((before) => [...before, message]));

  const send = async (event: FormEvent) => {
    event.preventDefault();
    setText('');
    try {
      await publish({ id: crypto.randomUUID(), text }, { private: true });
    } catch {
      setText(text);
    }
  };

  return (
    <>
      <ul aria-label="Messages" aria-live="polite">
        {messages.map(({ id, text }) => (
          <li key={id}>{text}</li>
        ))}
      </ul>
      <form onSubmit={send}>
        <label>
          Message <input value={text} onChange={(event) => setText(event.target.value)} required />
        </label>
        <button>Send</button>
      </form>
    </>
  );
}
