// Signals with the hub that the arguments name, in an engine that lacks what React Native lacks.
const [url] = process.argv.slice(2);

globalThis.window = globalThis;
for (const name of ['crypto', 'BroadcastChannel', 'DOMException']) {
  delete globalThis[name];
}
delete AbortSignal.any;
delete AbortSignal.timeout;
delete URL.canParse;
delete Uint8Array.fromBase64;
delete Uint8Array.prototype.toBase64;

const { SseDriver, TabsDriver } = await import('react-signaling/driver');

for (const driver of [new SseDriver({ url }), new TabsDriver({ url })]) {
  const text = await new Promise((resolve, reject) => {
    const hear = (bytes) => resolve(new TextDecoder().decode(bytes));
    const greet = () => driver.publish('greetings', new TextEncoder().encode('hello'));
    driver.subscribe('greetings', hear).then(greet).catch(reject);
  });
  console.log(`${driver.constructor.name}: ${text}`);
  driver.destroy();
}
