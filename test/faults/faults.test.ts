// @vitest-environment node
import { embedded } from '../servers/TestHub.js';
import { describeHerd } from './herd.js';
import { rows } from './rows.js';
import { describeFaults } from './runRow.js';

const hubs = {
  'the embedded hub, 0.x': embedded({ protocol: '0.x' }),
  'the embedded hub, 1.0': embedded({ protocol: '1.0' }),
  'the embedded hub without `topics:`': embedded({ protocol: '0.x', topics: false }),
};

for (const [name, openHub] of Object.entries(hubs)) {
  describeFaults(name, openHub, rows);
  describeHerd(name, openHub);
}
