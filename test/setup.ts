import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

// Vitest's globals are off, so Testing Library does not clean up by itself.
afterEach(cleanup);

// As long as `expect.poll` waits (vite.config.ts).
configure({ asyncUtilTimeout: 10_000 });
