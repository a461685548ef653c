import { SseDriver } from 'react-signaling/driver';

const driver = new SseDriver({
  url: 'https://example.com/.well-known/mercure',
  publisher: async () => ({ headers: { Authorization: `Bearer ${await freshToken()}` } }),
});
driver.on('gap', ({ topics, missed }) => console.warn('lost for good', topics, missed));
await driver.subscribe('https://example.com/rooms/1', (bytes, event) => console.log(bytes, event));
await driver.publish('https://example.com/rooms/1', [1, 2, 3]);

declare function freshToken(): Promise<string>;
