import { listenTo } from '../driver/listenTo.js';

/** What a page does that its members react to. */
interface PageLife {
  /** It is closed, frozen, or put into the back/forward cache: nothing runs in it any more. */
  leave(): void;
  /** It is back. Called more than once for one return. */
  enter(): void;
  /** It is hidden, or shown again. */
  turn(): void;
}

/** @returns the function that ends it. Outside a page nothing happens. */
export function onPage({ leave, enter, turn }: PageLife): () => void {
  const { window, document } = globalThis as Partial<typeof globalThis>;
  // React Native has a `window` that is no event target.
  if (!window?.addEventListener || !document) return () => {};
  const endOnWindow = listenTo(window, { pagehide: leave, pageshow: enter });
  const endOnDocument = listenTo(document, {
    freeze: leave,
    resume: enter,
    visibilitychange: turn,
  });
  return () => {
    endOnWindow();
    endOnDocument();
  };
}

/** Whether nobody sees this page, so that its timers ring late. */
export function isHidden(): boolean {
  return (globalThis as Partial<typeof globalThis>).document?.hidden === true;
}
