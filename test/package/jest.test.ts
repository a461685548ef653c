import { it } from 'vitest';
import { createChat } from './application.js';
import { run } from './run.js';

it('is imported and tested with in Jest and jsdom', async () => {
  const app = await createChat('jest');
  // Jest takes ES modules as they are, and has no compiler for TypeScript and JSX.
  await run(app, 'esbuild', 'Chat.tsx', '--jsx=automatic', '--outfile=Chat.js');
  await run(app, 'env', 'NODE_OPTIONS=--experimental-vm-modules --no-warnings', 'jest');
});
