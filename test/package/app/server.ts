import { SseDriver } from 'react-signaling/driver';
import { createHub } from 'react-signaling/hub';

const hub = createHub({ openToAll: true });
const url = 'http://localhost/.well-known/mercure';
const driver = new SseDriver({ url, fetch: (input, init) => hub.fetch(new Request(input, init)) });

await driver.subscribe('greetings', (bytes) => {
  console.log(new TextDecoder().decode(bytes));
  driver.destroy();
  hub.close();
});
await driver.publish('greetings', new TextEncoder().encode('hello'));
