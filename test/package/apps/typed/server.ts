import { SseDriver } from 'react-signaling/driver';
import { createHub } from 'react-signaling/hub';

const hub = createHub({ openToAll: true });
const url = 'http://localhost/.well-known/mercure';
const driver = new SseDriver({ url, fetch: (input, init) => hub.fetch(new Request(input, init)) });

await new Promise<void>((resolve, reject) => {
  const greet = () => driver.publish('greetings', new TextEncoder().encode('hello'));
  const hear = (bytes: Uint8Array) => {
    console.log(new TextDecoder().decode(bytes));
    resolve();
  };
  driver.subscribe('greetings', hear).then(greet).catch(reject);
});
driver.destroy();
hub.close();
