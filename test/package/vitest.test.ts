import { it } from 'vitest';
import { createChat } from './application.js';
import { run } from './run.js';

it('is tested with in Vitest and jsdom, also behind MSW', async () => {
  await run(await createChat('vitest'), 'vitest', 'run');
});
