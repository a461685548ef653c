'use client';

import { forwardRef, type ComponentPropsWithoutRef, type SyntheticEvent } from 'react';
import type { CallMessage } from '../call/index.js';
import { className } from './className.js';
import { Icon } from './icons.js';
import { withLabels, type CallLabels } from './labels.js';

/** Props of {@link CallChat}, beside the attributes of a `<section>`. */
export interface CallChatProps extends Omit<ComponentPropsWithoutRef<'section'>, 'children'> {
  /** What `useCallMessages<string>(call, 'chat')` returns. What is no text in it is left out. */
  messages: readonly CallMessage<string>[];
  /** Called with a text to send, of at most 2,000 characters. */
  send: (text: string) => void;
  /** Called when the user closes it. Without it there is no such button. */
  onClose?: (() => void) | undefined;
  /** Texts to replace. Default: English. */
  labels?: Partial<CallLabels> | undefined;
}

const MAX_LENGTH = 2_000;

/** The written messages of a call, and a field to write one. */
export const CallChat = forwardRef<HTMLElement, CallChatProps>(function CallChat(
  { messages, send, onClose, labels, className: added, ...attributes },
  ref,
) {
  const text = withLabels(labels);
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    const field = event.currentTarget.elements.namedItem('message') as HTMLInputElement;
    const message = field.value.trim();
    if (message !== '') send(message);
    field.value = '';
  };
  const texts = messages.filter(({ body }) => typeof body === 'string');
  return (
    <section
      aria-label={text.chat}
      {...attributes}
      ref={ref}
      className={className('rs-chat', added)}
    >
      <header>
        <h2>{text.chat}</h2>
        {onClose && (
          <button
            type="button"
            className="rs-plain"
            aria-label={text.closeChat}
            title={text.closeChat}
            onClick={onClose}
          >
            <Icon name="close" />
          </button>
        )}
      </header>
      <div className="rs-log" role="log" aria-label={text.messages} tabIndex={0}>
        {texts.length === 0 && <p className="rs-quiet">{text.noMessages}</p>}
        <ul role="list">
          {texts.map(({ id, name, own, at, body }, index) => (
            <li key={id} data-own={own} ref={index === texts.length - 1 ? scrollTo : undefined}>
              <p className="rs-quiet">
                {!own && <bdi>{name.trim() || text.guest}</bdi>} <Time at={at} />
              </p>
              <p dir="auto">{body}</p>
            </li>
          ))}
        </ul>
      </div>
      <form onSubmit={submit}>
        <input
          name="message"
          aria-label={text.message}
          placeholder={text.message}
          maxLength={MAX_LENGTH}
          autoComplete="off"
          enterKeyHint="send"
          dir="auto"
          onKeyDown={({ key }) => key === 'Escape' && onClose?.()}
        />
        <button type="submit" className="rs-plain" aria-label={text.send} title={text.send}>
          <Icon name="send" />
        </button>
      </form>
    </section>
  );
});

function scrollTo(message: HTMLElement | null): void {
  const log = message?.closest('.rs-log');
  if (log) log.scrollTop = log.scrollHeight;
}

function Time({ at }: { at: number }) {
  const date = new Date(at);
  const shown = date.toLocaleTimeString([], { hour: 'numeric', minute: '2-digit' });
  return <time dateTime={date.toISOString()}>{shown}</time>;
}
