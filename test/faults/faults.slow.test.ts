// @vitest-environment node
import { embedded } from '../servers/TestHub.js';
import { describeFaults } from './suite.js';

describeFaults('the embedded hub, 0.x', embedded({ protocol: '0.x' }));
describeFaults('the embedded hub, 1.0', embedded({ protocol: '1.0' }));
describeFaults('the embedded hub, no `topics:`', embedded({ protocol: '0.x', topics: false }));
