import { embedded } from '../servers/TestHub.js';
import { describeSubscribers } from './subscribers.js';

for (const protocol of ['0.x', '1.0'] as const) {
  const hub = embedded({ protocol, subscriptions: true });
  describeSubscribers(`the embedded hub, ${protocol}`, protocol, hub);
}
