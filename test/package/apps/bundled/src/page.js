import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { SignalingProvider, usePublish, useSignal } from 'react-signaling';
import { ConnectionStatus } from 'react-signaling/components';

createRoot(document.getElementById('root')).render(
  createElement(SignalingProvider, null, createElement(Page), createElement(ConnectionStatus)),
);

showFrom(
  'dedicated worker',
  new Worker(new URL('./worker.js', import.meta.url), { type: 'module' }),
);

const shared = new SharedWorker(new URL('./worker.js', import.meta.url), { type: 'module' });
showFrom('shared worker', shared.port);
shared.port.start();

// Bundlers differ in how they find a service worker, so this one is an entry of its own.
const { serviceWorker } = navigator;
showFrom('service worker', serviceWorker);
void serviceWorker.register('service.js', { type: 'module' });
void serviceWorker.ready.then(({ active }) => active.postMessage('listen'));
serviceWorker.startMessages();

function Page() {
  const { data, status } = useSignal('greetings');
  const publish = usePublish('greetings');
  const text = status === 'open' ? 'ready' : status;
  return createElement(
    'button',
    { onClick: () => publish('hello') },
    `page: ${data === undefined ? text : JSON.stringify(data)}`,
  );
}

function showFrom(name, source) {
  const line = document.body.appendChild(document.createElement('p'));
  source.addEventListener('message', ({ data }) => {
    line.textContent = `${name}: ${data}`;
  });
}
