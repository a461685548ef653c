import Module, { createRequire } from 'node:module';
import { version } from 'react';

// The alias of vite.config.ts ends at node_modules, where react-dom and Testing Library ask Node
// for `react` themselves.
const loader = Module as unknown as {
  _resolveFilename(request: string, ...rest: unknown[]): string;
};
const resolve = loader._resolveFilename;

loader._resolveFilename = (request, ...rest) =>
  resolve(request.replace(/^react(-dom)?(?=\/|$)/, 'react$1-18'), ...rest);

const dom = createRequire(import.meta.url)('react-dom') as { version: string };
if (!version.startsWith('18.') || !dom.version.startsWith('18.')) {
  throw new Error(`These tests are to run on React 18, not on ${version} with ${dom.version}.`);
}

// This version throws what a component throws in an event of its own, and jsdom prints it where
// nobody has taken it.
if (typeof window !== 'undefined') {
  window.addEventListener('error', (event) => event.preventDefault());
}
