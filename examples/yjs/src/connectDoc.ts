import type { Driver, SignalHandler } from 'react-signaling/driver';
import * as Y from 'yjs';

/** The first byte of a signal. */
const ASK = 0;
const UPDATE = 1;

/**
 * Keeps a document the same for all who connect theirs to this topic. Each signal is binary: an update
 * of the document, or the question what the others have that this one lacks.
 *
 * A member asks when its topic opens and when signals were lost, and every other one answers. Updates
 * may come twice and in any order: Yjs makes the same document of them.
 *
 * @returns the function that ends it.
 */
export function connectDoc(driver: Driver, topic: string, doc: Y.Doc): () => void {
  let waiting: Uint8Array[] = [];
  let isSending = false;
  let isEnded = false;

  const receive: SignalHandler = ([kind, ...rest], { own }) => {
    if (own) return;
    const body = new Uint8Array(rest);
    if (kind === UPDATE) Y.applyUpdate(doc, body, driver);
    else if (kind === ASK) void send(Y.encodeStateAsUpdate(doc, body));
  };

  const ask = () => publish(ASK, Y.encodeStateVector(doc)).catch(() => {});

  const publish = (kind: number, body: Uint8Array) => driver.publish(topic, [kind, ...body]);

  /** Sends what has come together while the last one was on its way, as one signal. */
  async function send(update: Uint8Array): Promise<void> {
    waiting.push(update);
    if (isSending || isEnded) return;
    isSending = true;
    while (waiting.length > 0) {
      const merged = Y.mergeUpdates(waiting);
      waiting = [];
      try {
        await publish(UPDATE, merged);
      } catch {
        // It goes out with the next one, or once the hub is back.
        waiting.unshift(merged);
        break;
      }
    }
    isSending = false;
  }

  const onUpdate = (update: Uint8Array, origin: unknown) => {
    if (origin !== driver) void send(update);
  };

  const onGap = ({ topics }: { topics: readonly string[] }) => {
    if (topics.includes(topic)) void ask();
  };

  const onActive = () => {
    if (waiting.length > 0) void send(Y.mergeUpdates(waiting.splice(0)));
  };

  doc.on('update', onUpdate);
  driver.on('gap', onGap);
  driver.on('active', onActive);
  driver.subscribe(topic, receive).then(
    () => {
      void ask();
      // What this document has from before is new to the others.
      if (doc.store.clients.size > 0) void send(Y.encodeStateAsUpdate(doc));
    },
    () => {},
  );
  return () => {
    isEnded = true;
    doc.off('update', onUpdate);
    driver.off('gap', onGap);
    driver.off('active', onActive);
    void driver.unsubscribe(topic, receive);
  };
}
