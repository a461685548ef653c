import { useState } from 'react';
import type { CallMessage } from '../call/index.js';

/** The messages of others that came since the chat was last open. */
export function useUnread<Message extends CallMessage>(
  messages: readonly Message[],
  open: boolean,
): readonly Message[] {
  const [read, setRead] = useState<string>();
  const newest = messages.at(-1)?.id;
  if (open && read !== newest) setRead(newest);
  if (open) return [];
  const firstUnread = messages.findIndex(({ id }) => id === read) + 1;
  return messages.slice(firstUnread).filter(({ own }) => !own);
}
