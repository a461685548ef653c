export {
  MemoryDriver,
  MemoryHub,
  type Outage,
  type RefusalOptions,
  type Update,
} from '../driver/index.js';
export type { Disruption, Hub, HubOptions, JwtKey } from '../hub/index.js';
export type { RunningHub } from '../hub/serve.js';
export {
  createTestSignaling,
  type TestPublishedOptions,
  type TestSignaling,
  type TestSignalingOptions,
  type TestSignalOptions,
} from './createTestSignaling.js';
export { inMemoryHub, mswHandlers, type InMemoryHub, type MswHttp } from './inMemoryHub.js';
export type { Published } from './PublishLog.js';
export {
  createFakeMedia,
  type FakeMedia,
  type FakeMediaOptions,
  type FakeSource,
} from './media/createFakeMedia.js';
export { startHub, type StartHubOptions } from './startHub.js';
