// The hub of a built Storybook: a service worker, so that all tabs have the same one and no server
// is needed.

import { createHub } from '../src/hub/EmbeddedHub.js';

declare const self: ServiceWorkerGlobalScope;

interface ServiceWorkerGlobalScope extends EventTarget {
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
}

interface ExtendableEvent extends Event {
  waitUntil(done: Promise<unknown>): void;
}

interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

/** An open stream keeps a worker alive, but a browser may end one that answers for five minutes. */
const STREAM_LIFE = 240_000;

const hub = createHub({ openToAll: true, subscriptions: true, writeTimeout: STREAM_LIFE });

self.addEventListener('install', () => void self.skipWaiting());
self.addEventListener('activate', (event) => {
  (event as ExtendableEvent).waitUntil(self.clients.claim());
});
self.addEventListener('message', () => void self.clients.claim());
self.addEventListener('fetch', (event) => {
  const { request, respondWith } = event as FetchEvent;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin || !pathname.startsWith('/.well-known/mercure')) return;
  respondWith.call(event, answer(request));
});

/**
 * The hub serves its own machine alone, and there it is: in this browser. What it is called by is
 * the name of the host that the files came from.
 */
async function answer(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const { method, headers, signal } = request;
  const body = method === 'GET' ? null : await request.text();
  const local = new URL(pathname + search, 'http://localhost');
  return hub.fetch(new Request(local, { method, headers, body, signal }));
}
