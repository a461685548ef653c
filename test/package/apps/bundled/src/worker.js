// As a dedicated, a shared or a service worker: posts what it receives to the page that starts it.
import { SseDriver } from 'react-signaling/driver';

if ('onconnect' in globalThis) addEventListener('connect', ({ ports: [port] }) => listen(port));
else if ('registration' in globalThis) addEventListener('message', ({ source }) => listen(source));
else listen(globalThis);

function listen(page) {
  const post = (text) => page.postMessage(text);
  new SseDriver()
    .subscribe('greetings', (bytes) => post(new TextDecoder().decode(bytes)))
    .then(() => post('ready'), post);
}
