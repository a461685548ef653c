import { listenTo } from './listenTo.js';

/**
 * Calls `wake` when something that was out of reach may be back: the network (`online`), a page
 * that was hidden or frozen, or one restored from the back/forward cache, whose connections are
 * gone for certain (`force`).
 *
 * @returns the function that ends it. Outside a page nothing happens.
 */
export function onWake(wake: (force: boolean) => void): () => void {
  const { window, document } = globalThis as Partial<typeof globalThis>;
  // React Native has a `window` that is no event target.
  if (!window?.addEventListener || !document) return () => {};
  const look = (): void => wake(false);
  const lookIfShown = (): void => {
    if (!document.hidden) look();
  };
  const endOnWindow = listenTo(window, {
    online: look,
    pageshow: (event) => {
      if ((event as PageTransitionEvent).persisted) wake(true);
    },
  });
  const endOnDocument = listenTo(document, { resume: look, visibilitychange: lookIfShown });
  return () => {
    endOnWindow();
    endOnDocument();
  };
}
