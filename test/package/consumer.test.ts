import { beforeAll, expect, it } from 'vitest';
import { createApplication } from './application.js';
import { run } from './run.js';

let app: string;

beforeAll(async () => {
  app = await createApplication('typed');
});

// The options of the application have the declarations of the package checked too.
it.each([
  ['7', 'tsc'],
  ['5.4', '../../node_modules/typescript-5.4/bin/tsc'],
])('type-checks in an application, with TypeScript %s', async (_, compiler) => {
  expect(await run(app, compiler)).toBe('');
});

it('type-checks in Node too, and signals there from a driver to a hub', async () => {
  await run(app, 'tsc', '-p', 'tsconfig.node.json');
  expect(await run(app, 'node', 'out/server.js')).toBe('hello\n');
});

it('brings its command', async () => {
  expect(await run(app, 'react-signaling', 'hub', '--help')).toContain('--port');
});
