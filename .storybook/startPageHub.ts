/**
 * Makes the service worker beside this page its hub. It takes over at once, also a page that was
 * there before it. Without HTTPS there are no service workers: the pages are shown, without a hub.
 */
export async function startPageHub(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const { serviceWorker } = navigator;
  await serviceWorker.register('hub-worker.js');
  const { active } = await serviceWorker.ready;
  if (serviceWorker.controller) return;
  const taken = new Promise((resolve) => {
    serviceWorker.addEventListener('controllerchange', resolve, { once: true });
  });
  // A page that was reloaded past its caches has no worker until it is claimed again.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none
  active?.postMessage('claim');
  await taken;
}
