/**
 * Calls `wake` when what was out of reach may be back: the network (`online`), a page that was
 * hidden or frozen, or one out of the back/forward cache, whose connections are gone for certain.
 *
 * @returns what stops it. Outside a page nothing happens.
 */
export function onWake(wake: (now: boolean) => void): () => void {
  const { window, document } = globalThis as Partial<typeof globalThis>;
  if (!window || !document) return () => {};
  const controller = new AbortController();
  const { signal } = controller;
  const look = (): void => wake(false);
  window.addEventListener('online', look, { signal });
  document.addEventListener('resume', look, { signal });
  document.addEventListener('visibilitychange', () => document.hidden || look(), { signal });
  window.addEventListener('pageshow', ({ persisted }) => persisted && wake(true), { signal });
  return () => controller.abort();
}
