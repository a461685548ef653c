import { useCallback, useSyncExternalStore } from 'react';
import type * as Y from 'yjs';

/**
 * The content of a shared text, and a function that makes it into another one. Real editors have
 * bindings of their own for Yjs, which also keep the caret.
 */
export function useText(text: Y.Text): [content: string, change: (content: string) => void] {
  const subscribe = useCallback(
    (notify: () => void) => {
      text.observe(notify);
      return () => text.unobserve(notify);
    },
    [text],
  );
  const get = () => text.toJSON();
  return [useSyncExternalStore(subscribe, get, get), (content) => replace(text, content)];
}

/** Changes only what differs, so that the edits of others stay. */
function replace(text: Y.Text, content: string): void {
  const before = text.toJSON();
  const shorter = Math.min(before.length, content.length);
  let start = 0;
  while (start < shorter && before[start] === content[start]) start++;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === content.at(-1 - end)) end++;
  text.doc!.transact(() => {
    text.delete(start, before.length - start - end);
    text.insert(start, content.slice(start, content.length - end));
  });
}
