import { useState, type CSSProperties, type FormEvent } from 'react';
import { usePresence, usePublish, useSignals, useTyping } from 'react-signaling';

interface Message {
  id: string;
  name: string;
  text: string;
}

const list = new Intl.ListFormat('en');

export function Chat({ room, name }: { room: string; name: string }) {
  const { signals: messages, status } = useSignals<Message>(room, { since: 'earliest', last: 100 });
  const publish = usePublish<Message>(room);
  const me = { name };
  const { others } = usePresence(`${room}/people`, me, { by: ({ data }) => data.name });
  const { typing, notify, stop } = useTyping(`${room}/people`, me);
  const [text, setText] = useState('');
  const [hasFailed, setFailed] = useState(false);

  const write = (text: string) => {
    setText(text);
    if (text) notify();
    else stop();
  };
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (!text.trim()) return;
    write('');
    setFailed(false);
    try {
      await publish({ id: crypto.randomUUID(), name, text });
    } catch {
      setFailed(true);
      setText((newer) => newer || text);
    }
  };

  const names = others.map(({ data }) => data.name);
  const here = names.length > 0 ? `Here with you: ${list.format(names)}` : 'You are alone here';
  const writers = list.format(typing.map(({ data }) => data.name));
  return (
    <section style={styles.chat}>
      <p role="status" style={styles.quiet}>
        {status === 'open' ? here : 'Connecting …'}
      </p>
      <div role="log" aria-label="Messages" tabIndex={0} style={styles.log}>
        {messages.length === 0 && <p style={styles.quiet}>No messages yet</p>}
        <ol style={styles.messages}>
          {messages.map((message) => (
            <li key={message.id} style={message.name === name ? styles.own : styles.message}>
              <strong style={styles.author}>{message.name}</strong> {message.text}
            </li>
          ))}
        </ol>
      </div>
      <p style={styles.quiet}>{writers && `${writers} typing …`}</p>
      <form onSubmit={send} style={styles.form}>
        <input
          aria-label="Message"
          placeholder="Message"
          autoComplete="off"
          value={text}
          onChange={(event) => write(event.target.value)}
          style={styles.input}
        />
        <button>Send</button>
      </form>
      {hasFailed && <p role="alert">Your message was not sent. Try it again.</p>}
    </section>
  );
}

const message: CSSProperties = {
  justifySelf: 'start',
  maxInlineSize: '85%',
  padding: '0.5rem 0.8rem',
  borderRadius: '1rem 1rem 1rem 0.25rem',
  background: 'light-dark(#eef0f4, #262b33)',
  overflowWrap: 'anywhere',
};

const styles = {
  chat: {
    display: 'grid',
    gap: '0.75rem',
    boxSizing: 'border-box',
    inlineSize: '100%',
    maxInlineSize: '32rem',
    padding: '1rem',
    border: '1px solid light-dark(#d5d9e0, #363c46)',
    borderRadius: '1rem',
  },
  // From the bottom up, so that the newest message is in view.
  log: { display: 'flex', flexDirection: 'column-reverse', blockSize: '16rem', overflowY: 'auto' },
  messages: { display: 'grid', gap: '0.5rem', margin: 0, padding: 0, listStyle: 'none' },
  message,
  own: {
    ...message,
    justifySelf: 'end',
    borderRadius: '1rem 1rem 0.25rem',
    background: '#2450c8',
    color: '#fff',
  },
  author: { display: 'block', fontSize: '0.8em' },
  quiet: { margin: 0, minBlockSize: '1.5em', color: 'light-dark(#555d6b, #a9b1be)' },
  form: { display: 'flex', gap: '0.5rem' },
  input: { flex: 1, minInlineSize: 0 },
} satisfies Record<string, CSSProperties>;
