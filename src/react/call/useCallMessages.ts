'use client';

import { useCallback, useEffect, useState } from 'react';
import type { CallMessage, SendOptions } from '../../call/index.js';
import type { SignalingError } from '../../driver/index.js';
import { validate, type Schema } from '../../driver/values.js';
import { useLatest } from '../useLatest.js';
import type { CallView } from './CallView.js';

/** What {@link useCallMessages} returns. */
export interface CallMessages<Body> {
  /** What was sent and received while the component is mounted, in order, one's own among them. */
  readonly messages: readonly CallMessage<Body>[];
  /** `schema`: a message that did not fit; `undefined` once another one did. */
  readonly error: SignalingError | undefined;
  /**
   * Sends `body` to all, or to one.
   *
   * @throws `SignalingError` `usage` where JSON cannot carry `body`, or it has more than 64 kB.
   */
  readonly send: (body: Body, options?: SendOptions) => void;
}

/** Options of {@link useCallMessages}. */
export interface UseCallMessagesOptions<Body = unknown> {
  /** How many messages are kept. Default: 200. */
  last?: number | undefined;
  /**
   * What a body must fit, for any peer may send any JSON. One that does not is an `error`, and no
   * message. May be written inline. Default: every body fits.
   */
  schema?: Schema<Body> | undefined;
}

/**
 * Messages of a call, to everybody or to one: chat, reactions, whatever JSON carries. They go over
 * the connections of the peers, so no server sees them and none keeps them for who comes later.
 *
 * @param call What `useCall` returns.
 * @param channel Tells kinds of messages apart.
 *
 * @example
 * ```tsx
 * const { messages, send } = useCallMessages<{ text: string }>(call, 'chat');
 * ```
 */
export function useCallMessages<Body = unknown>(
  { onMessage, send: sendTo }: CallView,
  channel: string,
  { last = 200, schema }: UseCallMessagesOptions<Body> = {},
): CallMessages<Body> {
  const [list, setList] = useState(() => emptyList<Body>(onMessage, channel));
  // Another room or channel begins another list.
  if (list.onMessage !== onMessage || list.channel !== channel) {
    setList(emptyList(onMessage, channel));
  }
  const latest = useLatest(schema);
  useEffect(
    () =>
      onMessage(channel, (message) => {
        const result = validate(message.body as Body, channel, latest.current);
        setList((before) => {
          if ('error' in result) return { ...before, error: result.error };
          const messages = [...before.messages, { ...message, body: result.value }].slice(-last);
          return { ...before, messages, error: undefined };
        });
      }),
    [onMessage, channel, last, latest],
  );
  const send = useCallback(
    (body: Body, options?: SendOptions) => sendTo(channel, body, options),
    [sendTo, channel],
  );
  return { messages: list.messages, error: list.error, send };
}

function emptyList<Body>(onMessage: CallView['onMessage'], channel: string) {
  const messages: readonly CallMessage<Body>[] = [];
  return { onMessage, channel, messages, error: undefined as SignalingError | undefined };
}
