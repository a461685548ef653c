/**
 * Calls a listener for each of several events of one target. Not with one `signal` for all: a jsdom
 * that has Node's `AbortController` refuses it.
 *
 * @returns the function that ends it.
 */
export function listenTo(
  target: EventTarget,
  listeners: Readonly<Record<string, (event: Event) => void>>,
): () => void {
  const entries = Object.entries(listeners);
  for (const [name, listener] of entries) target.addEventListener(name, listener);
  return () => {
    for (const [name, listener] of entries) target.removeEventListener(name, listener);
  };
}
