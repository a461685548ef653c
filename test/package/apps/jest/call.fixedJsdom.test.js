/** @jest-environment jest-fixed-jsdom */
// The same call in a jsdom that has the `AbortController`, streams and `fetch` of Node.
await import('./call.test.js');
