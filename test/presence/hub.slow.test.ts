// @vitest-environment node
import { embedded } from '../servers/TestHub.js';
import { describePresence } from './suite.js';

describePresence('the embedded hub, 0.x', embedded({ protocol: '0.x' }));
describePresence('the embedded hub, 1.0', embedded({ protocol: '1.0' }));
