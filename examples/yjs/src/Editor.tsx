import { useEffect, useState } from 'react';
import { useDriver } from 'react-signaling';
import * as Y from 'yjs';
import { connectDoc } from './connectDoc.js';
import { useText } from './useText.js';

export function Editor({ topic }: { topic: string }) {
  const driver = useDriver();
  const [doc] = useState(() => new Y.Doc());
  useEffect(() => connectDoc(driver, topic, doc), [driver, topic, doc]);
  const [content, change] = useText(doc.getText());
  return (
    <textarea
      aria-label="Shared text"
      value={content}
      onChange={(event) => change(event.target.value)}
    />
  );
}
